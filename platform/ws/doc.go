// Package ws is the live connection: one websocket a browser tab, at GET /ws,
// over which the client subscribes to topics. The package knows no module;
// modules hand it their topics and tell it when something changed.
//
// # Protocol
//
// Frames are JSON text. The server speaks first:
//
//	{"t":"hello","d":{"protocol":1,"time":"…","user_id":7,"session":"9"}}
//
// user_id and session are null when nobody is logged in. The client sends
// {"sub":["shop.book:12"]} and {"unsub":["shop.book:12"]}, and gets
// {"t":"shop.book:12","d":…}: the topic's snapshot at once, then what is
// published. Subscribing again asks for a fresh snapshot. A failure is
//
//	{"t":"error","d":{"code":"ws.unknown_topic","topic":"…","detail":"…"}}
//
// and one that names a topic means that this subscription was not made, or has
// ended. Close codes: 1001 the server goes away (come back with jitter), 1002 a
// frame against the websocket protocol, 1003 a binary one, 1008 the fifth malformed frame within a minute, 1009 a frame
// over 4 KiB, 1011 nobody could say whether the session lives or the door failed,
// 4001 the door's: somebody else is in, 4002 the session
// has ended (come back as who you then are), 4008 a reader too slow for what it
// subscribed to.
//
// # Who is in
//
// A Door may keep a logged-in socket outside: then its subscriptions are refused
// with ws.not_seated until it said {"takeover":true} and was let in. Who is in
// follows the personal topics by themselves, and may say {"idle":true} and, after
// a break, {"resume":{"inbox":57}}: what came after that is sent again.
//
// # State and events
//
// A topic whose frames are whole states (an order book) uses Changed: the hub
// reads the snapshot and sends it, at most once each state interval however
// many changes and subscribers there are. The reads of one topic run one after
// the other, so no subscriber sees an older state after a newer one. A topic
// whose frames are events uses Publish; what is published while a subscriber's
// snapshot is being read is sent right after it. Call both after the commit.
//
// # Cost
//
// An idle socket is one parked goroutine and a small read buffer. Nobody
// waits for a socket: frames go into a bounded queue, which a few writers, shared
// by all sockets, empty. One whose line is full is replaced, so it holds up no
// other. A full queue closes the socket.
package ws
