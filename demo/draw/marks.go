package draw

// marks are the brands' signs, drawn within 50 units around the origin. They
// are cut from the same material as other panels, so they are plain shapes.
var marks = []path{ //nolint:gochecknoglobals // never written
	shape("M -52 4 L 4 -44 L -2 -10 L 50 -18 L -8 44 L -2 10 Z"),                                                                                 // bolt
	shape("M -52 18 C -30 -28 -8 -28 6 -2 C 16 16 30 12 50 -22 C 44 30 14 46 -6 16 C -18 -4 -30 -2 -52 18 Z"),                                    // wave
	circle(24, -18, 24).with(shape("M -54 2 L -6 -36 L -2 -22 Z M -56 36 L -4 -12 L 8 2 Z M -24 44 L 18 12 L 34 12 Z")),                          // comet
	shape("M -46 26 L -8 -30 L 10 -30 L -28 26 Z M -14 26 L 24 -30 L 46 -30 L 8 26 Z"),                                                           // twin bars
	shape("M -50 30 L -14 -34 L 6 0 L 18 -18 L 50 30 L 26 30 L 16 12 L 6 30 Z"),                                                                  // peaks
	shape("M -46 16 C -46 -38 46 -38 46 16 L 26 16 C 26 -12 -26 -12 -26 16 Z M -12 16 C -12 0 12 0 12 16 Z M -50 24 L 50 24 L 50 32 L -50 32 Z"), // rising sun
	shape("M -50 24 C -40 -24 6 -44 50 -36 C 52 2 20 36 -26 26 L -38 38 L -46 32 Z M -20 16 C 0 14 22 -2 34 -20 C 12 -12 -10 0 -20 16 Z"),        // leaf
	shape("M -36 -22 L 0 -42 L 36 -22 L 36 20 L 0 40 L -36 20 Z M -20 -12 L -20 11 L 0 22 L 20 11 L 20 -12 L 0 -23 Z"),                           // hexagon
	shape("M 0 -44 C 6 -12 12 -6 44 0 C 12 6 6 12 0 44 C -6 12 -12 6 -44 0 C -12 -6 -6 -12 0 -44 Z"),                                             // star
	shape("M -48 -26 L -6 -26 L 20 0 L -6 26 L -48 26 L -22 0 Z M 6 -26 L 24 -26 L 50 0 L 24 26 L 6 26 L 32 0 Z"),                                // arrows
	shape("M -44 -4 C -44 -34 -6 -42 0 -14 C 6 -42 44 -34 44 -4 C 44 20 14 22 0 40 C -14 22 -44 20 -44 -4 Z"),                                    // petals
	shape("M -50 -34 L 50 -34 L 46 -16 L 32 -16 L 32 34 L 14 34 L 14 -16 L -14 -16 L -14 34 L -32 34 L -32 -16 L -46 -16 Z"),                     // gate
}

// emblem sews the brand's mark on, r units large.
func (k *kit) emblem(x, y, r, tilt float64, col ink) {
	k.under(k.upright(x, y).then(turn(tilt)).then(scaled(r/50, r/50)), func() {
		k.panel(marks[k.mark], col, cloth{lift: 2 * 50 / r})
	})
}

// stamp prints the mark flat.
func (k *kit) stamp(x, y, r, tilt float64, col ink) {
	k.under(k.upright(x, y).then(turn(tilt)).then(scaled(r/50, r/50)), func() { k.ink(marks[k.mark], col) })
}

// upright moves to a place, and undoes a mirrored view's flip so that marks
// read the same from both sides.
func (k *kit) upright(x, y float64) matrix {
	if k.medial {
		return move(x, y).then(scaled(-1, 1))
	}
	return move(x, y)
}
