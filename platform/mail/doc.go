// Package mail sends plain text by e-mail, by way of an outbox in the
// database.
//
// Queue.Send writes the message into the table mail_outbox and enqueues a job,
// both in the transaction of the context: a rolled-back sign-up sends no mail.
// The job, which Worker does, hands the message to the SMTP server of
// RALLY_SMTP_URL and erases its text, because a verification link is as good
// as a key. Without an SMTP server the message stays in the outbox, where the
// demo page shows it.
//
// A message is sent at least once. It is sent twice when the program dies, or
// loses its database, between the server's "250 OK" and the row that says so;
// both copies then carry the same Message-ID. A server that refuses a
// recipient for good ends the job; everything else is tried again over about
// half a day. Texts that were tried in vain are erased after two days, and rows
// deleted after 30, sent or not.
//
// Neither logs nor job errors hold addresses, subjects or texts.
package mail
