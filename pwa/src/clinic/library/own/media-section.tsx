import type { JSX } from "preact";
import { useId } from "preact/hooks";
import * as calls from "../../calls";
import { FormErrors } from "../../parts/problem";
import { t } from "../../t";
import type { ExerciseDetail } from "../../types";
import { useAction } from "../../use";
import { Section } from "./form";

const TAKEN = "image/jpeg,image/png,image/webp,video/mp4,video/webm";

/** A photo stands in where there is no figure; a video stands beside it. Both are stored the moment they are chosen. */
export function MediaSection({ exercise, onStored }: { exercise: ExerciseDetail; onStored: (exercise: ExerciseDetail) => void }): JSX.Element {
  const id = useId();
  const upload = useAction(async (file: File) => {
    onStored(await calls.uploadMedia(exercise.id, file));
  });
  const photo = exercise.figure?.src.startsWith("/media/") ? exercise.figure.src : null;
  return (
    <Section title={t("own.media")} text={t("own.media_text")}>
      {photo && <img class="own-photo" src={photo} alt={t("own.photo", { name: exercise.name })} />}
      {exercise.video && <video class="own-photo" src={exercise.video} controls preload="metadata" aria-label={t("own.video", { name: exercise.name })} />}
      <div class="field">
        <label for={id}>{t("own.upload")}</label>
        <input
          id={id} type="file" accept={TAKEN} disabled={upload.busy}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void upload.run(file);
          }}
        />
      </div>
      {upload.busy && <p role="status" class="quiet">{t("own.uploading")}</p>}
      <FormErrors error={upload.error} />
    </Section>
  );
}
