package demo

func koreanRemarks() map[string][]string {
	return map[string][]string{
		"ko/praise": {
			"와 색감 미쳤다|감사해요! 실물은 더 예뻐요.", "예뻐요!!", "사진 진짜 잘 찍으시네요.|폰으로 막 찍은 거예요 ㅎㅎ", "이 조합 저장합니다.", "저도 같은 거 있어요. 반가워요!|오 신발 친구네요!", "부럽다…", "분위기 최고.", "역시 센스.", "이거 보고 입찰 넣었습니다.|잘 생각하셨어요. 체결되면 알려 주세요!",
			"와 드디어 사셨네요!|네, 두 달 기다렸어요 ㅠㅠ", "매번 잘 보고 있어요.|늘 고맙습니다!", "저는 이 색 놓쳐서 슬퍼요.|다시 풀릴 거예요. 조금만 기다려요.", "퀄리티 무슨 일.", "오늘도 좋은 사진 감사합니다.", "하 또 사고 싶게 만드네.", "신발장 구경 가고 싶어요.|언제든지요!",
			"그림자 예술이네요.", "제 최애 모델이에요.", "진짜 잘 어울려요.", "실물 보고 싶다.", "이 각도 저도 따라 해 볼게요.|꼭 해 보세요. 창가에서 찍으면 돼요.", "깔끔하다 깔끔해.", "좋아요 백 번 누르고 싶어요.", "퇴근길에 보고 힐링.", "끈 색 바꾸신 거죠? 예뻐요.|네! 크림색으로 바꿨어요.", "ㅋㅋㅋ 공감", "데려가고 싶다.", "와 저 오늘 이거 신었는데.|찌찌뽕 ㅎㅎ",
		},
		"ko/worn": {
			"코디 너무 좋아요.|감사합니다 :)", "바지랑 찰떡이네요.", "발목 라인 예쁘다.", "여기 어디예요? 예쁘다.|동네 골목이에요 ㅎㅎ", "바지 정보 알 수 있을까요?|오래된 거라 이름이 없네요 ㅠㅠ", "양말 어디 거예요?|동네 시장에서 산 거예요 ㅎㅎ", "핏 무슨 일이에요.|한 치수 크게 입었어요.", "비율 최고.", "통 넓은 바지 잘 어울리세요.|편해서 이것만 입어요.", "따라 입어 볼래요.", "색 조합 배우고 갑니다.", "꾸안꾸의 정석.",
		},
		"ko/ask shoes": {
			"사이즈 뭐 신으셨어요?|{size} 신었어요. 정사이즈예요.", "발볼 넓은데 괜찮을까요?|저도 넓은 편인데 반 업 하니 편해요.", "오래 걸어도 안 아파요?|만 보까지는 문제없었어요.", "무겁지 않아요?|생각보다 가벼워요.", "비 오는 날도 신으세요?|가랑비까지만요 ㅎㅎ", "키높이 좀 되나요?|3cm 정도요.", "여자가 신기에도 괜찮아요?|그럼요. 작은 사이즈도 있어요.", "세탁은 어떻게 하세요?|마른 솔로 털고 물티슈로 닦아요.", "이거 여름에도 괜찮을까요?|통풍 잘돼서 시원해요.", "한 사이즈 크게 가도 될까요?|정사이즈 추천이요.", "끈은 기본 끈이에요?|네, 들어 있던 거예요.", "뒤꿈치 안 까지나요?|처음 이틀만 조심하면 돼요.",
		},
		"ko/ask": {
			"어디서 사셨어요?|여기 랠리에서 입찰로 샀어요.", "실물 색이 더 진한가요?|햇빛에서는 사진이랑 같아요.", "얼마에 사셨는지 여쭤봐도 될까요?|시세보다 조금 아래에서 체결됐어요.", "조명 뭐 쓰세요?|책상 스탠드 하나예요.", "판매 생각은 없으신가요?|아직은요. 마음 바뀌면 올릴게요!", "사진 어떤 카메라로 찍으셨어요?|그냥 휴대폰이에요.", "배송 며칠 걸렸어요?|검수까지 닷새 걸렸어요.", "다른 색도 보셨어요?|네, 그런데 이 색이 제일 나았어요.", "마감은 어때요?|깔끔해요. 흠 하나 없었어요.", "추천하세요?|네, 후회 없어요.",
		},
		"ko/thanks": {"감사합니다!", "고마워요 :)", "앗 감사해요 ㅎㅎ", "보는 눈이 있으시네요!", "덕분에 기분 좋네요.", "다음에 더 예쁘게 찍어 볼게요.", "다들 하나씩 들이세요 ㅎㅎ"},
		"ko/bye":    {"오 답변 감사해요!", "그렇군요. 고맙습니다.", "바로 주문하러 갑니다.", "도움 됐어요!", "역시 물어보길 잘했네요.", "참고할게요 :)"},
		"ko/me too": {"저도 궁금했는데 감사해요.", "저는 반 업 했어요. 참고하세요.", "와 저도요.", "여기 정보 맛집이네요.", "저도 같은 생각이었어요.", "오 꿀팁."},
	}
}

func englishRemarks() map[string][]string {
	return map[string][]string{
		"en/praise": {
			"That colour!|Even better in daylight.", "So clean.", "Great shot.|Just a phone and a window!", "Same pair here. Twins!|High five!", "Saving this one.", "Ok now I want them.|Do it.", "Perfect combo.", "The shadow is doing a lot.", "You finally got them!|Two months of waiting, yes.", "Best feed on here.|You're too kind.", "Obsessed.", "My size sold out, I'm jealous.|They'll be back, keep a bid in.",
			"Love it.", "Ten out of ten.", "You make me spend money.|Sorry, not sorry.", "This is the one.",
		},
		"en/worn": {
			"Where is this?|Right behind my office.", "Trousers are perfect too.", "Where are the trousers from?|Thrifted, sorry!", "The fit!|Sized up once.", "Socks on point.", "Copying this tomorrow.", "Proportions are spot on.", "Effortless.",
		},
		"en/ask shoes": {
			"What size did you take?|{size}, true to size.", "Good for wide feet?|Half a size up and they're great.", "Heavy?|Lighter than they look.", "Ok in the rain?|Drizzle only.", "How do you keep them clean?|Dry brush, then a damp cloth.", "Comfortable for a whole day?|I did 20,000 steps. Fine.", "Any break-in?|Two days.",
		},
		"en/ask": {
			"How long did shipping take?|Five days with the inspection.", "Are you selling?|Not yet. I'll post it here first.", "What camera?|Just my phone.", "Is the colour darker in person?|A touch, indoors.", "Did you get a good price?|A little below the last trade.", "Would you buy it again?|In a heartbeat.",
		},
		"en/thanks": {"Thank you!", "Cheers!", "Appreciate it.", "You're kind, thanks.", "Made my day.", "Glad you like it."},
		"en/bye":    {"Thanks, that helps!", "Perfect, ordering now.", "Good to know.", "Legend.", "Great, thank you."},
		"en/me too": {"Was wondering the same.", "I went half a size up, for what it's worth.", "Same here.", "Useful, thanks both.", "Agreed."},
	}
}
