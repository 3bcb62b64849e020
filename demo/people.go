package demo

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"rally/modules/accounts"
)

// person is somebody of the world. The three logins come first.
type person struct {
	role         string // of a login, else empty
	staff        bool
	userName     string
	profile      string
	introduction string
	shoe         int // millimetres
	created      time.Time
	image        string // key of the avatar, once it is drawn
	face         uint64 // seed of the avatar
	buys, sells  float64
}

// password is everybody's: the world holds no secret.
const password = "rally-demo-2026"

// longestProfile is how long a profile name may be.
const longestProfile = 15

// The logins, by their place among the people.
const (
	shopper = iota
	seller
	admin
	loginCount
)

func loginPeople() []person {
	return []person{
		shopper: {role: "shopper", userName: "신하린", profile: "shopper", introduction: "265 신어요. 청자색만 보면 손이 갑니다.", shoe: 265},
		seller:  {role: "seller", userName: "Jonas Marsh", profile: "seller", introduction: "Careful packer. Everything new, everything in its box.", shoe: 275},
		admin:   {role: "admin", staff: true, userName: "Rally 운영팀", profile: "admin", introduction: "Here to help.", shoe: 260},
	}
}

// newPeople makes n people.
func newPeople(seed uint64, n int, now time.Time) []person {
	r := stream(seed, "people", 0)
	people := loginPeople()
	taken := map[string]bool{}
	for i := range people {
		p := &people[i]
		p.created = now.Add(-time.Duration((310 - 4*i) * 24 * int(time.Hour)))
		taken[p.profile] = true
	}
	for len(people) < n {
		people = append(people, newPerson(r, taken, now))
	}
	for i := range people {
		people[i].face = seed + uint64(i)
	}
	return people
}

func newPerson(r *rand.Rand, taken map[string]bool, now time.Time) person {
	p := person{shoe: shoeSize(r)}
	// Most have been here for long, so that the history has enough people.
	p.created = now.Add(-time.Duration((2 + 363*math.Sqrt(r.Float64())) * float64(24*time.Hour))).Truncate(time.Second)
	// Few trade a lot; most buy more than they sell.
	p.buys, p.sells = math.Exp(0.8*r.NormFloat64()), math.Exp(1.3*r.NormFloat64())
	var first, last string
	if chance(r, 0.72) {
		family, given := one(r, surnames()), one(r, givenNames())
		first, last = given.eng, family.eng
		p.userName = family.kor + given.kor
		if chance(r, 0.2) {
			p.userName = given.eng + " " + family.eng
		}
	} else {
		first, last = one(r, englishNames()), one(r, englishSurnames())
		p.userName = first + " " + last
	}
	p.profile = profileName(r, strings.ToLower(first), strings.ToLower(last), taken)
	p.introduction = introduction(r, p)
	return p
}

// shoeSize is a size in millimetres: half the people wear women's shoes.
func shoeSize(r *rand.Rand) int {
	mean, spread := 240.0, 7.5
	if chance(r, 0.52) {
		mean, spread = 267, 9
	}
	size := 5 * int(math.Round((mean+spread*r.NormFloat64())/5))
	return min(max(size, 220), 300)
}

// profileName returns a name that is not taken, and takes it.
func profileName(r *rand.Rand, first, last string, taken map[string]bool) string {
	year := strconv.Itoa(one(r, []int{7, 21, 77, 88, 89, 91, 92, 94, 95, 96, 97, 98, 99, 100, 260, 404}))
	handle := one(r, handles())
	patterns := []string{first + "_" + handle, handle + "_" + first, first + last, first + "_" + year, first[:1] + last + year, handle + "by" + first, first + handle}
	for _, i := range r.Perm(len(patterns)) {
		if name := patterns[i]; len(name) <= longestProfile && !taken[name] {
			taken[name] = true
			return name
		}
	}
	for i := 1; ; i++ {
		number := strconv.Itoa(i)
		name := first[:min(len(first), longestProfile-len(number))] + number
		if !taken[name] {
			taken[name] = true
			return name
		}
	}
}

func introduction(r *rand.Rand, p person) string {
	if chance(r, 0.08) {
		return ""
	}
	city := one(r, cities())
	text, place := one(r, koreanIntroductions()), city.kor
	if p.userName[0] < 0x80 { // written in Latin letters
		text, place = one(r, englishIntroductions()), city.eng
	}
	return strings.NewReplacer("{size}", strconv.Itoa(p.shoe), "{city}", place).Replace(text)
}

func importedUsers(people []person) []accounts.ImportedUser {
	list := make([]accounts.ImportedUser, len(people))
	for i, p := range people {
		list[i] = accounts.ImportedUser{
			Email: p.email(), Password: password, Staff: p.staff, ShoeSize: p.shoe, UserName: p.userName, ProfileName: p.profile,
			Introduction: p.introduction, Image: p.image, CreatedAt: p.created,
		}
	}
	return list
}

func (p person) email() string { return p.profile + "@rally.test" }

func logins(people []person) []Login {
	list := make([]Login, loginCount)
	for i := range list {
		list[i] = Login{Role: people[i].role, Email: people[i].email(), Password: password}
	}
	return list
}
