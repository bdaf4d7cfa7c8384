/** The screens about reminders, in one chunk with their words. */
import "../reminders/reminders.css";

export { FirstReminder } from "./reminders/FirstReminder";
export { Reminder } from "./reminders/Reminder";
export { Ways } from "./reminders/Ways";
export { Calendar } from "./reminders/Calendar";
