# Texts of the offices' pages.
office-nav = Main pages
office-error = Error
office-signed-in = Signed in:
office-sign-out = Sign out
office-home = Desk
office-from-on = from { $from }
office-from-to = from { $from } to { $to }
office-everywhere = everywhere

role-administrator = Administrator
role-analyst = Analyst
role-unit_head = Unit head
role-clerk = Clerk
role-leader = Leader
role-auditor = Auditor
role-operator = Operator

sign-in-title = Sign in
sign-in-lead = For people of the offices. Citizens answer without signing in.
sign-in-name = Name
sign-in-password = Password
sign-in-go = Sign in
sign-in-failed = You are not signed in
sign-in-wrong = The name or the password is not right. Please try again.
sign-in-help = Forgot your password? Ask an administrator for a link to set a new one.

home-hello = Hello { $name }
home-today = Today is { $day }
home-nothing = This account has no role today. Ask an administrator.
home-grants = Your roles
home-grant = { $role }: { $where }, { $when }
room-scores = Results
room-scores-text = The scores of the units that you may see.
room-account = My account
room-account-text = Password, second factor, sessions.
