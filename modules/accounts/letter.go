package accounts

import (
	"fmt"
	"net/url"
	"strings"
)

// The letters are plain text in Korean, then English. They hold nothing that
// a stranger can choose: whoever registers another person's address must not
// be able to write to them in our name.
//
// Keys stand behind a #: that part of an address never leaves the browser, so
// no log, proxy or Referer sees it.

func verifyLetter(to, baseURL, key string) Mail {
	link := strings.TrimSuffix(baseURL, "/") + "/verify#key=" + url.QueryEscape(key)
	return Mail{
		To:      to,
		Subject: "[Rally] 이메일 주소를 확인해 주세요 · Please confirm your e-mail address",
		Body: `안녕하세요,

Rally 가입을 마치려면 아래 링크를 눌러 이메일 주소를 확인해 주세요.
링크는 3일 동안 유효합니다.

` + link + `

가입을 신청하지 않으셨다면 이 메일을 무시하셔도 됩니다.
링크를 누르지 않으면 계정은 열리지 않습니다.

----

Hello,

to finish signing up for Rally, please confirm your e-mail address with the link above.
It is valid for 3 days.

If you did not sign up, ignore this message: without the link the account stays closed.

Rally
`,
	}
}

func resetLink(baseURL string, userID int64, key string) string {
	return fmt.Sprintf("%s/reset#uid=%d&token=%s", strings.TrimSuffix(baseURL, "/"), userID, url.QueryEscape(key))
}

func resetLetter(to, baseURL string, userID int64, key string) Mail {
	return Mail{
		To:      to,
		Subject: "[Rally] 비밀번호 재설정 · Reset your password",
		Body: `안녕하세요,

아래 링크에서 새 비밀번호를 정할 수 있습니다.
링크는 1시간 동안, 한 번만 쓸 수 있습니다.

` + resetLink(baseURL, userID, key) + `

요청하지 않으셨다면 이 메일을 무시하셔도 됩니다. 비밀번호는 바뀌지 않습니다.

----

Hello,

choose a new password with the link above. It works once, within an hour.

If you did not ask for it, ignore this message: your password stays as it is.

Rally
`,
	}
}

func chooseLetter(to, baseURL string, userID int64, key string) Mail {
	return Mail{
		To:      to,
		Subject: "[Rally] 비밀번호를 정해 주세요 · Choose your password",
		Body: `안녕하세요,

이메일 주소가 확인되었습니다.
이 주소로 가입이 두 번 이상 신청되어 어느 것이 본인의 신청인지 알 수 없으므로, 아래 링크에서 비밀번호를 정해 주세요.
링크는 1시간 동안, 한 번만 쓸 수 있습니다.

` + resetLink(baseURL, userID, key) + `

----

Hello,

your e-mail address is confirmed. Somebody signed up with it more than once, and we can't tell which one was you.
Please choose your password with the link above. It works once, within an hour.

Rally
`,
	}
}

func changeLetter(to, baseURL, key string) Mail {
	link := strings.TrimSuffix(baseURL, "/") + "/email#key=" + url.QueryEscape(key)
	return Mail{
		To:      to,
		Subject: "[Rally] 새 이메일 주소를 확인해 주세요 · Please confirm your new e-mail address",
		Body: `안녕하세요,

Rally 계정의 이메일 주소를 이 주소로 바꾸려면 아래 링크를 눌러 확인해 주세요.
링크는 24시간 동안 유효합니다.

` + link + `

요청하지 않으셨다면 이 메일을 무시하셔도 됩니다.

----

Hello,

to make this the e-mail address of your Rally account, confirm it with the link above.
It is valid for 24 hours.

If you did not ask for it, ignore this message.

Rally
`,
	}
}

func takenLetter(to, baseURL string) Mail {
	link := strings.TrimSuffix(baseURL, "/") + "/signin"
	return Mail{
		To:      to,
		Subject: "[Rally] 이미 가입된 이메일 주소입니다 · You already have an account",
		Body: `안녕하세요,

누군가 이 이메일 주소로 Rally에 다시 가입하려고 했습니다.
이미 계정이 있으므로 아무것도 바뀌지 않았습니다. 본인이라면 아래에서 로그인해 주세요.

` + link + `

본인이 아니라면 이 메일을 무시하셔도 됩니다.

----

Hello,

somebody tried to sign up for Rally with this e-mail address.
You already have an account, so nothing has changed. If it was you, sign in with the link above.

If it was not you, ignore this message.

Rally
`,
	}
}
