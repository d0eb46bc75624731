# Texts of what is printed for citizens: slips, labels, receipts, posters.
print-title = Appointment slip
print-field = Service field
print-procedure = Procedure
print-received = Received on
print-due = Ready on
print-question = How were you served?
print-scan = Scan the code, or type it at
print-scan-poster = Scan the code, or open
print-label = Scan to answer
print-promise = No sign-in. No name, no dossier number.
print-until = To be used once, until { $day }.
print-demo = Sample (demo)
