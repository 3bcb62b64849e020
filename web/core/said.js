/**
 * What the server says of the fields of a form, and the key of the same sentence in the reader's language. The
 * contract sends sentences, not codes; a test compares them with the server's sources.
 *
 * @type {ReadonlyMap<string, import('./i18n.js').MessageKey>}
 */
export const SAID = new Map([
  ['Use at least 8 characters.', 'said.password_short'],
  ['Use at most 128 characters.', 'said.password_long'],
  ["Don't use digits only.", 'said.password_digits'],
  ['This password is among the most common ones. Choose another.', 'said.password_common'],
  ['This password is too much like your e-mail address.', 'said.password_similar'],
  ['This field is required.', 'said.required'],
  ['Enter an e-mail address such as name@example.com.', 'said.email'],
  ['Choose a size between 220 and 310 in steps of 5.', 'said.shoe_size'],
  ['Enter a Korean phone number such as 010-1234-5678.', 'said.phone'],
  ['The two passwords are not the same.', 'said.passwords'],
  ['This is your address already.', 'said.same_email'],
  ['Use at most 40 characters.', 'said.passkey_name'],
  ['Somebody has this name already.', 'said.name_taken'],
  ['Use 2 to 15 letters, digits, dots, dashes or underscores.', 'said.name'],
  ['Use at most 100 characters.', 'said.introduction'],
]);
