// Package blob keeps pictures: in a local folder by default, in S3 when
// configured.
//
// PutPicture is the only way in for what people upload. It accepts JPEG, PNG,
// GIF and WebP by content, never by name. It checks the dimensions before it
// decodes, and that the picture is whole and alone in its file: what hangs
// behind it is refused, but for what phones put there (padding, gain maps,
// previews, motion photos, Samsung's notes), and so are archives and documents
// that hide inside it. Then it decodes everything and stores fresh encodings,
// upright and without any metadata, so that neither a place in EXIF nor a
// script in a comment survives. Of an animation the first frame is kept; of an
// APNG its default picture. Colour profiles are dropped, not applied.
//
// A picture is kept in up to three sizes, in its own ratio and never enlarged:
// its longest side has at most 1600, 800 or 320 pixels. Its key is that of the
// largest, shop/abc.jpg; Variant makes shop/abc-m.jpg and shop/abc-s.jpg of it,
// which can be shown whether or not there is a copy of that size.
//
// A key never changes its content, so that browsers may keep a picture for
// ever. Keys of uploads can't be guessed; who knows one may see the picture.
//
// The store knows no transactions. A use case puts the picture first, then
// writes its row; when that fails it deletes the picture again. It deletes a
// picture only after the commit that removed its row (db.AfterCommit, or a
// job): a rollback can't bring it back. What a crash leaves in between is a
// picture that nobody refers to, until a job of the module calls Sweep.
package blob
