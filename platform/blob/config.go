package blob

import (
	"net/url"
	"path/filepath"

	"rally/platform/config"
)

// Config of the picture store.
type Config struct {
	URL     string `env:"RALLY_BLOB_URL" help:"where pictures are kept, s3://BUCKET?region=…&endpoint=…&use_path_style=true, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, in a bucket of its own; empty means media in the data folder"`
	DataDir string `env:"RALLY_DATA_DIR" envDefault:"data" help:"folder of the SQLite file, the pictures and the secret"`
}

const urlForm = "s3://BUCKET?region=REGION, with endpoint=URL and use_path_style=true for servers other than Amazon's"

// Validate says which value is not allowed. mem:// is for tests: it forgets
// everything at the end.
func (c Config) Validate() error {
	if c.URL == "" {
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return config.Bad("RALLY_BLOB_URL", "…", urlForm)
	}
	if u.Scheme == "mem" {
		return nil
	}
	if u.Scheme != "s3" || u.Host == "" || (u.Path != "" && u.Path != "/") || u.User != nil {
		return config.Bad("RALLY_BLOB_URL", u.Redacted(), urlForm)
	}
	return nil
}

func (c Config) folder() string { return filepath.Join(c.DataDir, "media") }
