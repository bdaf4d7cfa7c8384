"""What a clinic does with a whole record: who answers for it, discharge and reopening, handing it over, making two
records of one person into one, the summary for the clinic's own record, and who looked at it."""
