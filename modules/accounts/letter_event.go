package accounts

import (
	"net/netip"
	"time"
)

// eventText says in a sentence each what happened.
type eventText struct{ subjectKO, subjectEN, ko, en string }

func textOf(kind string) eventText {
	switch kind {
	case EventNewDevice:
		return eventText{"새 기기에서 로그인했습니다", "New sign-in", "새 기기에서 계정에 로그인했습니다.", "Somebody signed in to your account from a new device."}
	case EventDeviceTrusted:
		return eventText{"신뢰하는 기기가 추가되었습니다", "A device is trusted now", "이제 이 기기에서는 30일 동안 2단계 인증을 묻지 않습니다.", "For 30 days this device is not asked for a second step."}
	case EventPasswordChanged:
		return eventText{"비밀번호가 변경되었습니다", "Your password was changed", "계정의 비밀번호가 변경되었고, 다른 기기는 모두 로그아웃되었습니다.", "The password of your account was changed, and other devices were signed out."}
	case EventPasswordReset:
		return eventText{"비밀번호가 재설정되었습니다", "Your password was reset", "메일로 받은 링크로 비밀번호가 재설정되었고, 모든 기기가 로그아웃되었습니다.", "The password was reset with a mailed link, and every device was signed out."}
	case EventEmailRequested:
		return eventText{"이메일 주소 변경이 요청되었습니다", "A change of your e-mail address was requested", "계정의 이메일 주소를 바꾸려는 요청이 있었습니다. 새 주소에서 확인하기 전까지는 바뀌지 않습니다.", "Somebody asked to change the e-mail address of your account. It stays until the new address is confirmed."}
	case EventEmailChanged:
		return eventText{"이메일 주소가 변경되었습니다", "Your e-mail address was changed", "계정의 이메일 주소가 변경되었습니다. 이제 이 주소로는 로그인할 수 없습니다.", "The e-mail address of your account was changed. This address no longer signs you in."}
	case EventOTPEnabled:
		return eventText{"일회용 코드를 켰습니다", "One-time codes are on", "이제 로그인할 때 일회용 코드가 필요합니다.", "Signing in now takes a one-time code."}
	case EventOTPDisabled:
		return eventText{"일회용 코드를 껐습니다", "One-time codes are off", "로그인할 때 더 이상 일회용 코드를 묻지 않습니다.", "Signing in no longer takes a one-time code."}
	case EventRecoveryRenewed:
		return eventText{"복구 코드를 새로 만들었습니다", "New recovery codes", "복구 코드를 새로 만들었습니다. 이전 코드는 더 이상 쓸 수 없습니다.", "New recovery codes were made. The old ones no longer work."}
	case EventRecoveryUsed:
		return eventText{"복구 코드를 사용했습니다", "A recovery code was used", "복구 코드 하나로 본인 확인을 했습니다.", "A recovery code was used in place of the second step."}
	case EventPasskeyAdded:
		return eventText{"패스키가 추가되었습니다", "A passkey was added", "계정에 패스키가 추가되었습니다.", "A passkey was added to your account."}
	case EventPasskeyRemoved:
		return eventText{"패스키가 삭제되었습니다", "A passkey was removed", "계정에서 패스키가 삭제되었습니다.", "A passkey was removed from your account."}
	case EventSecondStepChange:
		return eventText{"2단계 인증 설정이 변경되었습니다", "The second step was changed", "로그인의 2단계 인증 설정이 변경되었습니다.", "What is asked for as the second step of signing in was changed."}
	case EventLoginLinked:
		return eventText{"소셜 로그인이 연결되었습니다", "A login was linked", "다른 사이트의 계정으로도 로그인할 수 있게 되었습니다.", "An account of another site now signs you in."}
	case EventLoginUnlinked:
		return eventText{"소셜 로그인 연결이 해제되었습니다", "A login was unlinked", "다른 사이트의 계정으로는 더 이상 로그인할 수 없습니다.", "An account of another site no longer signs you in."}
	case EventRefreshReused:
		return eventText{"로그인 정보가 복사되어 로그아웃했습니다", "A copied sign-in was stopped", "이미 사용한 로그인 정보가 다시 쓰여, 누군가 복사했을 수 있습니다. 해당 기기를 로그아웃했습니다.", "A used sign-in came back, so somebody may have copied it. That device was signed out."}
	case EventQuit:
		return eventText{"Rally를 떠나셨습니다", "You have left Rally", "계정이 비활성화되었습니다. 30일 안에 로그인하면 돌아올 수 있고, 그 뒤에는 개인정보가 삭제됩니다.", "Your account is deactivated. Sign in within 30 days to come back; after that your personal data is erased."}
	case EventCameBack:
		return eventText{"다시 오신 것을 환영합니다", "Welcome back", "계정이 다시 활성화되었습니다.", "Your account is active again."}
	}
	return eventText{"계정 보안 알림", "About your account", "계정의 보안 설정이 변경되었습니다.", "The security of your account changed."}
}

func providerName(provider string) string {
	switch provider {
	case "google":
		return "Google"
	case "naver":
		return "Naver"
	}
	return provider
}

// eventLetter tells an owner what happened, when and where from.
func eventLetter(to string, e SecurityEvent) Mail {
	text := textOf(e.Kind)
	seoul := time.FixedZone("KST", 9*60*60) // no summer time since 1988
	facts := e.At.In(seoul).Format("2006-01-02 15:04 (KST)")
	if device := e.Client.DeviceName(); device != "" {
		facts += "\n" + device
	}
	// Whatever isn't an address a client may have made up, and a zone is any text.
	if ip, err := netip.ParseAddr(e.Client.Address); err == nil {
		facts += "\n" + ip.WithZone("").String()
	}
	if e.Provider != "" {
		facts += "\n" + providerName(e.Provider)
	}
	return Mail{
		To:      to,
		Subject: "[Rally] " + text.subjectKO + " · " + text.subjectEN,
		Body: `안녕하세요,

` + text.ko + `

` + facts + `

본인이 아니라면 비밀번호를 재설정하고 설정에서 로그인된 기기를 확인해 주세요.

----

Hello,

` + text.en + `

If this was not you, reset your password and look through your devices in the settings.

Rally
`,
	}
}
