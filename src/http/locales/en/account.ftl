# Signing in, one's own account, links that open once.
faults-title = { $count ->
    [one] Please look at one place again
   *[other] Please look at { $count } places again
}
wait-seconds = Too much was wrong. Please wait { $value } seconds and try again.
wait-minutes = { $value ->
    [one] Too much was wrong. Please wait one minute and try again.
   *[other] Too much was wrong. Please wait { $value } minutes and try again.
}

field-display-name = Full name
field-display-name-hint = Colleagues see this name.
field-name = Name to sign in with
field-name-hint = An e-mail address, or 2 to 64 small letters, digits and . _ - @ +
field-email = E-mail
field-email-hint = May be empty. Where the service can send mail, the link goes here.
field-new-password = New password
field-new-password-hint = At least 15 characters. Four or five words that have nothing to do with each other are good; spaces are allowed.
field-again = The new password again
field-current-password = Password that you have now
field-code = Code
field-code-hint = Six digits from the telephone, or a recovery code.
field-code-six = Six digits from the telephone
field-choose = Please choose

fault-name = A name has 2 to 64 small letters, digits and . _ - @ +, and begins with a letter or a digit.
fault-display-name = Please write the full name, at most 120 characters.
fault-email = This is no e-mail address; correct it or leave it empty.
fault-password-short = A password has at least 15 characters, this one has { $value }. Put four or five words together.
fault-password-long = A password has at most 256 characters. Please shorten it.
fault-password-guessable = This password would be guessed early. Take four or five words that have nothing to do with each other.
fault-again = The two passwords differ. Please type both again.
fault-current = This is not the password that you have now. Please try again.
fault-code = The code is wrong, or was used already. Wait for the telephone's next one and try again.
fault-code-offered = The code is wrong. See whether the telephone's clock is right, and type the code that it shows now.
fault-factor-demanded = Your role must have a second factor, so it cannot be turned off.

code-step-title = Second step: the code
code-step-lead = The password is right. Open the authenticator on your telephone and type the code that it shows.
code-step-help = Lost the telephone? Use a recovery code. None left? Ask an administrator to remove the second factor.

welcome-set-up-title = The first account
welcome-set-up-lead = This account administers everything. Afterwards it invites the others.
welcome-set-up-go = Make the account and sign in
welcome-invitation-title = Welcome, { $name }
welcome-invitation-lead = Set a password to begin. Nobody else knows it, not even an administrator.
welcome-reset-title = A new password for { $name }
welcome-reset-lead = Afterwards whoever is signed in with the old password is not any more.
welcome-account = Name to sign in with: { $name }
welcome-go = Set the password and sign in
welcome-gone-title = This link does not open any more
welcome-gone-why = Each link works once and for a short time. This one was used, is too old, or was not copied whole.
welcome-gone-what = If you have set your password, sign in as usual. If not, ask an administrator for a new link.

account-basis = Name to sign in with: { $name }
account-password = Password
account-password-text = When you change it, all other sessions end.
account-password-change = Change password
account-password-lead = All other sessions end; this one goes on.
account-password-go = Change password
account-password-none = You sign in by the system of your office; your password is changed there.
account-factor = Second factor
account-factor-none = There is none. With a code from your telephone, who knows your password is still not in.
account-factor-on = On. Recovery codes left: { $count }.
account-factor-open = See and change
account-sessions = Sessions
account-sessions-text = Each browser that is signed in is a session. No address and no name of a device is kept.
account-session-began = Signed in
account-session-seen = Last used
account-session-own = This session
account-session-end = End
account-sessions-end = End all other sessions

done-password = The password was changed. All other sessions have ended.
done-reset = The password was set by a link, and all earlier sessions have ended. If you did not ask for this, tell an administrator at once.
done-factor = The second factor is on. All other sessions have ended.
done-factor-off = The second factor is off. All other sessions have ended.
done-sessions = The session has ended.

factor-offer-title = Set up a second factor
factor-offer-lead = You need a telephone with an authenticator app (one that makes codes of six digits). It needs no network and no number.
factor-must = Your role must have a second factor. After the two steps below every page opens.
factor-step-scan = 1. Scan this
factor-step-scan-text = Open the authenticator on the telephone, add an account, and scan:
factor-step-type = Cannot scan? Type this key into the app:
factor-step-code = 2. Type the code that it shows
factor-step-code-text = The app shows six digits, others every 30 seconds.
factor-offer-go = Turn on
factor-kept-lead = On: after the password you are asked for the code of the telephone.
factor-left = { $count ->
    [0] No recovery code is left.
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
factor-renew = Recovery codes
factor-renew-text = New ones take the place of all old ones.
factor-renew-go = Make ten new codes
factor-off = Turn off
factor-off-text = Then there is only the password. All other sessions end.
factor-off-go = Turn the second factor off
factor-off-must = Your role must have a second factor. For a new telephone, ask an administrator to remove it, and set it up again.
factor-codes-title = Ten recovery codes
factor-codes-lead = Each stands in for the telephone once, when it is lost or forgotten.
factor-codes-list = Write them down or print them now: they are shown only this once
factor-codes-done = I have written them down
