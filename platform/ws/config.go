package ws

import (
	"strconv"
	"time"

	"rally/platform/config"
)

// Limits that are part of the protocol.
const (
	// Protocol is the version that the hello frame announces.
	Protocol = 1
	// MaxFrame is the size of the largest client frame, in bytes.
	MaxFrame = 4096
	// MaxTopics is how many topics one socket may follow.
	MaxTopics = 64
	// MaxSockets is how many sockets one session may have open on a node.
	MaxSockets = 32

	// CloseSessionEnded is the code that closes a socket whose session has
	// ended. Whoever comes back is who they then are, or nobody.
	CloseSessionEnded = 4002
	// CloseSlow is the code that closes a socket whose queue is full.
	CloseSlow = 4008

	maxTopicName     = 128 // bytes
	maxMalformed     = 5   // the fifth within malformedWindow closes
	malformedWindow  = time.Minute
	wideFanOut       = 16  // receivers from which one prepared message is cheaper
	maxControl       = 125 // bytes that a control frame carries
	readBuffer       = 288 // bytes a socket; the library wants more than 256, and a larger frame is read past it
	lingerBytes      = 1 << 20
	maxRetryDoubling = 8
)

// Config of the hub.
type Config struct {
	PingInterval   time.Duration `env:"RALLY_WS_PING_INTERVAL" envDefault:"15s" help:"how often each websocket is pinged"`
	PongTimeout    time.Duration `env:"RALLY_WS_PONG_TIMEOUT" envDefault:"40s" help:"a websocket silent for so long is dead"`
	WriteTimeout   time.Duration `env:"RALLY_WS_WRITE_TIMEOUT" envDefault:"10s" help:"how long one frame may take to leave"`
	CloseTimeout   time.Duration `env:"RALLY_WS_CLOSE_TIMEOUT" envDefault:"5s" help:"how long a websocket that is being closed may take to agree"`
	Queue          int           `env:"RALLY_WS_QUEUE" envDefault:"256" help:"frames that wait for one websocket before it is closed as too slow"`
	SubscribeRate  float64       `env:"RALLY_WS_SUBSCRIBE_RATE" envDefault:"20" help:"subscriptions a second that one websocket may make in the long run"`
	SubscribeBurst int           `env:"RALLY_WS_SUBSCRIBE_BURST" envDefault:"192" help:"subscriptions that one websocket may make at once"`
	StateInterval  time.Duration `env:"RALLY_WS_STATE_INTERVAL" envDefault:"100ms" help:"least time between two states of one topic"`
	TopicTimeout   time.Duration `env:"RALLY_WS_TOPIC_TIMEOUT" envDefault:"5s" help:"how long a topic may take to authorise or to read its snapshot"`
	TopicCalls     int           `env:"RALLY_WS_TOPIC_CALLS" envDefault:"16" help:"authorisations and snapshots at work at the same time, so that reconnecting clients leave the database to others"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	positive := []struct {
		name  string
		value time.Duration
	}{
		{"RALLY_WS_PING_INTERVAL", c.PingInterval},
		{"RALLY_WS_WRITE_TIMEOUT", c.WriteTimeout},
		{"RALLY_WS_CLOSE_TIMEOUT", c.CloseTimeout},
		{"RALLY_WS_STATE_INTERVAL", c.StateInterval},
		{"RALLY_WS_TOPIC_TIMEOUT", c.TopicTimeout},
	}
	for _, p := range positive {
		if p.value <= 0 {
			return config.Bad(p.name, p.value.String(), "more than 0s")
		}
	}
	switch {
	case c.PongTimeout <= c.PingInterval:
		return config.Bad("RALLY_WS_PONG_TIMEOUT", c.PongTimeout.String(), "more than RALLY_WS_PING_INTERVAL ("+c.PingInterval.String()+")")
	case c.Queue < 4:
		return config.Bad("RALLY_WS_QUEUE", strconv.Itoa(c.Queue), "at least 4")
	case c.SubscribeRate <= 0:
		return config.Bad("RALLY_WS_SUBSCRIBE_RATE", strconv.FormatFloat(c.SubscribeRate, 'g', -1, 64), "more than 0")
	case c.SubscribeBurst < 1:
		return config.Bad("RALLY_WS_SUBSCRIBE_BURST", strconv.Itoa(c.SubscribeBurst), "at least 1")
	case c.TopicCalls < 1:
		return config.Bad("RALLY_WS_TOPIC_CALLS", strconv.Itoa(c.TopicCalls), "at least 1")
	}
	return nil
}
