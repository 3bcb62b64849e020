package demo

// spelling is a name in Hangul and in Latin letters.
type spelling struct{ kor, eng string }

func surnames() []spelling {
	return []spelling{
		{"김", "Kim"}, {"이", "Lee"}, {"박", "Park"}, {"최", "Choi"}, {"정", "Jung"}, {"강", "Kang"}, {"조", "Cho"}, {"윤", "Yoon"},
		{"장", "Jang"}, {"임", "Lim"}, {"한", "Han"}, {"오", "Oh"}, {"서", "Seo"}, {"신", "Shin"}, {"권", "Kwon"}, {"황", "Hwang"},
		{"안", "Ahn"}, {"송", "Song"}, {"류", "Ryu"}, {"홍", "Hong"}, {"고", "Ko"}, {"문", "Moon"}, {"배", "Bae"}, {"백", "Baek"},
		{"남", "Nam"}, {"심", "Shim"}, {"노", "Noh"}, {"하", "Ha"}, {"차", "Cha"}, {"표", "Pyo"},
	}
}

func givenNames() []spelling {
	return []spelling{
		{"민준", "Minjun"}, {"서연", "Seoyeon"}, {"도윤", "Doyun"}, {"지우", "Jiwoo"}, {"하은", "Haeun"}, {"예준", "Yejun"}, {"지훈", "Jihoon"},
		{"수빈", "Subin"}, {"유진", "Yujin"}, {"태오", "Taeo"}, {"나윤", "Nayun"}, {"시우", "Siwoo"}, {"채원", "Chaewon"}, {"건우", "Gunwoo"},
		{"다인", "Dain"}, {"은호", "Eunho"}, {"가온", "Gaon"}, {"라희", "Rahee"}, {"현서", "Hyunseo"}, {"준영", "Junyoung"}, {"소율", "Soyul"},
		{"재민", "Jaemin"}, {"아린", "Arin"}, {"승우", "Seungwoo"}, {"보라", "Bora"}, {"이안", "Ian"}, {"혜원", "Hyewon"}, {"동하", "Dongha"},
		{"세아", "Sea"}, {"규민", "Gyumin"}, {"루다", "Ruda"}, {"해찬", "Haechan"}, {"윤슬", "Yunseul"}, {"찬영", "Chanyoung"}, {"미르", "Mir"},
		{"온유", "Onyu"}, {"주하", "Juha"}, {"단비", "Danbi"}, {"태린", "Taerin"}, {"우진", "Woojin"}, {"노아", "Noa"}, {"별", "Byul"},
	}
}

func englishNames() []string {
	return []string{
		"Noah", "Mia", "Leo", "Ava", "Theo", "Nora", "Eli", "Ivy", "Owen", "Ruby", "Jonah", "Clara", "Felix", "Maya", "Silas", "Tessa", "Hugo", "Wren",
		"Caleb", "Freya", "Amir", "Priya", "Mateo", "Lucia", "Kofi", "Ines", "Yusuf", "Hana", "Rafael", "Zoe",
	}
}

func englishSurnames() []string {
	return []string{
		"Hart", "Novak", "Bell", "Okafor", "Reyes", "Lindqvist", "Marsh", "Patel", "Quinn", "Rossi", "Sato", "Tran", "Vance", "Webb", "Yilmaz", "Cole",
		"Duarte", "Ellis", "Fischer", "Grant",
	}
}

// handles are what people add to their name when it is taken, or too plain.
func handles() []string {
	return []string{
		"kicks", "sole", "laces", "pair", "box", "drop", "walks", "runs", "size", "fit", "shelf", "steps", "heel", "closet", "archive", "daily",
		"hoops", "trail", "fresh", "grail", "swap", "day", "mood", "works",
	}
}

func cities() []spelling {
	return []spelling{
		{"서울", "Seoul"}, {"부산", "Busan"}, {"대구", "Daegu"}, {"인천", "Incheon"}, {"광주", "Gwangju"}, {"대전", "Daejeon"}, {"수원", "Suwon"},
		{"전주", "Jeonju"}, {"제주", "Jeju"}, {"강릉", "Gangneung"}, {"청주", "Cheongju"}, {"포항", "Pohang"},
	}
}

// Introductions may name the person's size as {size} and their city as {city}.

func koreanIntroductions() []string {
	return []string{
		"{size} 찾습니다. 박스 상태 상관없어요.", "{city}에서 신발 모으는 사람.", "신는 신발만 삽니다.", "새벽 드로우 담당.", "퇴근하고 5km 달려요.",
		"올리는 건 전부 새 상품입니다.", "{size} / {city} / 직거래는 안 해요.", "러닝화는 소모품이라고 생각합니다.", "아이 키우느라 신발장 비우는 중.",
		"청자 컬러만 보면 못 참아요.", "농구는 못해도 하이탑은 좋아합니다.", "월급날에만 접속합니다.", "같은 신발 세 켤레째.", "가격 제안 편하게 주세요.",
		"산 좋아해요. 등산화 말고 트레일화.", "{city} 주말 러닝 크루.", "흰 신발은 첫눈 오기 전까지만.", "받은 만큼 파는 양심 셀러.", "신발 끈 색 맞추는 게 취미.",
		"발볼 넓은 {size}.", "여기서 산 신발로 첫 마라톤 완주했어요.", "입찰 걸어두고 잊어버리는 편.", "사진 찍는 게 신는 것보다 좋아요.", "학생이라 예산은 십만 원.",
		"중고는 안 팔아요.", "컬러는 올리브, 사이즈는 {size}.", "스케이트 타다 신발이 남아나질 않네요.", "커피, 필름 카메라, 운동화.", "리셀은 부업, 본업은 빵집.",
		"오래 신을 한 켤레를 찾는 중.",
	}
}

func englishIntroductions() []string {
	return []string{
		"Size {size}, always looking.", "One in, one out. My flat is small.", "Runner in {city}. Ask me about the river path.", "I wear everything I buy.",
		"Selling what my feet outgrew.", "Teacher on weekdays, hiker on weekends.", "Low offers get low answers, but I answer.", "Here for the trail shoes.",
		"Collecting every colourway of one shoe. Don't ask why.", "Deadstock only, shipped the same day.", "{city} via three other cities.", "Weekend five-a-side, weekday desk.",
		"My dog picked these.", "Bids open, heart open.", "Learning Korean one shoe box at a time.", "Wide feet, narrow budget.", "Film photos of worn-out soles.",
		"I miss every draw, so I am here.", "Size {size}. Half sizes are a myth.", "Skating since forever, landing since last year.", "Pastels, please.",
		"Slow seller, careful packer.", "Night shift nurse, bright shoes.", "Designing chairs, buying trainers.", "Still looking for the pair I sold.",
	}
}
