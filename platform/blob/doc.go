// Package blob keeps pictures: in a local folder by default, in S3 when
// configured.
//
// PutPicture is the only way in for what people upload. It accepts JPEG, PNG,
// GIF and WebP by content, never by name, checks the dimensions before it
// decodes, decodes everything, and stores a fresh encoding: upright, at most
// 1600 pixels on its longest side, without any metadata. So neither a place in
// EXIF nor a script behind the picture's end survives.
//
// A key never changes its content, so that browsers may keep a picture for
// ever. Keys of uploads can't be guessed; who knows one may see the picture.
//
// The store knows no transactions. A use case puts the picture first, then
// writes its row; when that fails it deletes the picture again. It deletes a
// picture only after the commit that removed its row (db.AfterCommit, or a
// job): a rollback can't bring it back. What a crash leaves in between is a
// picture that nobody refers to, which does no harm.
package blob
