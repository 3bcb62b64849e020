package demo

// smallTalk is what people say about a kind of thing. Texts may name the writer's
// shoe size as {size}.
type smallTalk struct {
	owners    []string // by people who have it
	owned     []string // the same, in English
	questions []exchange
}

// exchange is a question and its answer.
type exchange struct{ ask, answer string }

// talkOf returns what is said about shoes, or about another kind of thing.
func talkOf(a article) smallTalk {
	if a.category == "shoes" {
		return shoeTalk()
	}
	return otherTalk()[a.kind]
}

func shoeTalk() smallTalk {
	return smallTalk{
		owners: []string{
			"정사이즈로 갔는데 딱 맞아요. 발볼 보통이면 {size} 그대로 가셔도 됩니다.", "발볼이 넓은 편이라 반 사이즈 올렸더니 편해요.", "평소 {size} 신는데 이 모델은 5mm 크게 사길 잘했어요.",
			"실물 색감이 사진보다 조금 더 차분해요. 전 오히려 좋네요.", "박스까지 깨끗하게 왔습니다. 검수 택도 그대로 붙어 있어요.", "처음엔 뒤꿈치가 좀 딱딱했는데 세 번 신으니 길들었어요.", "가격 떨어질 때까지 두 달 기다린 보람이 있네요.",
			"매일 신고 출근합니다. 오래 걸어도 발바닥이 안 아파요.", "생각보다 가벼워서 놀랐어요. 양말은 두꺼운 걸로 신으세요.", "끈 바꿔 끼우니까 느낌이 완전히 달라져요. 추천합니다.", "비 오는 날 한 번 신었는데 미끄럽진 않았어요.", "청바지에도 슬랙스에도 다 어울려요. 신발장에서 손이 제일 많이 갑니다.",
			"마감 좋아요. 본드 자국 하나 없이 깔끔합니다.", "발등이 높은 편인데 끈을 조금 풀면 괜찮아요.", "선물용으로 샀는데 받은 사람이 더 좋아하네요.", "이 가격이면 다시 사도 후회 없을 것 같아요.", "쿠션은 기대보다 단단한 편이에요. 대신 오래 신어도 안 꺼져요.", "판매 등록부터 배송까지 일주일 걸렸어요. 신발은 마음에 쏙 듭니다.",
			"세 번째 구매예요. 색만 바꿔서 또 샀습니다.", "굽이 은근히 있어서 비율이 좋아 보여요.", "사진발 아니에요. 실물이 훨씬 예쁩니다.", "반 사이즈 작게 나온 느낌이에요. 참고하세요.", "첫날 바로 10km 걸었는데 물집 하나 없었어요.", "혀 부분이 자꾸 돌아가는 것만 빼면 완벽해요.", "흰 부분 때 타는 게 걱정이었는데 물티슈로 잘 닦여요.",
		},
		owned: []string{
			"True to size for me ({size}). Narrow at first, fine after a week.", "Colour is a touch warmer in daylight than in the photos. Love it.", "Arrived double boxed and spotless. Inspection tag still on.", "Half a size up if you have wide feet, trust me.", "Waited for the price to cool down. Worth it.", "Comfortable straight out of the box, which I did not expect.",
		},
		questions: []exchange{
			{"발볼 넓은 사람은 반 사이즈 업 해야 할까요?", "저도 발볼 넓은데 5mm 올리니까 딱 좋았어요."}, {"여자가 신기에 무겁지 않나요?", "보기보다 가벼워요. 하루 종일 신어도 괜찮았어요."}, {"여름에 신기엔 더울까요?", "한여름만 아니면 신을 만해요. 통풍은 보통이에요."}, {"색이 사진이랑 많이 다른가요?", "햇빛에서는 거의 똑같고 실내에서는 조금 어두워 보여요."},
			{"{size} 신는데 이 모델도 같은 사이즈면 될까요?", "저는 정사이즈로 샀고 잘 맞아요."}, {"여분 끈이 들어 있나요?", "네, 다른 색으로 한 벌 더 들어 있었어요."}, {"세탁은 어떻게 하세요?", "솔로 겉만 닦고 그늘에서 말려요. 세탁기는 비추예요."}, {"재입고 소식 있나요?", "공식은 끝났고 여기 시세 보는 게 빠를 거예요."}, {"키높이 효과 좀 있나요?", "안창 포함하면 4cm쯤 되는 것 같아요."},
			{"Does the toe box run narrow?", "A little. I went up 5 mm and have room."}, {"How is the grip in the rain?", "Better than I thought. No slips so far."},
			{"Is the sole loud indoors?", "Not at all, even on hardwood."}, {"Does the colour fade?", "Mine look the same after a summer."}, {"Good for a whole day on foot?", "I walked 20,000 steps in them. No complaints."},
			{"Do they come with the original box?", "Yes, box and paper, all of it."}, {"Any break-in time?", "Two days, then they were soft."},
		},
	}
}

func otherTalk() map[string]smallTalk {
	return map[string]smallTalk{
		"hoodie": {
			owners: []string{"기모가 도톰해서 초겨울까지 입을 수 있겠어요.", "오버핏이라 한 치수 작게 샀는데 딱 예쁘게 떨어져요.", "세 번 빨았는데 줄지도 않고 보풀도 없어요.", "모자가 두툼해서 각이 잘 살아요."}, owned: []string{"Heavy fabric, no shrinking after three washes."},
			questions: []exchange{{"키 172인데 M이면 될까요?", "저 174에 M 입어요. 살짝 여유 있어요."}, {"안감이 기모인가요?", "얇은 기모예요. 한겨울엔 겉옷이 필요해요."}},
		},
		"tshirt": {
			owners: []string{"비침 없어서 한 장만 입어도 돼요.", "목이 안 늘어나서 좋아요. 같은 걸로 한 장 더 살 거예요.", "원단이 부드럽고 시원해요.", "프린트가 은은해서 질리지 않을 것 같아요."}, owned: []string{"Soft, not see-through, keeps its collar."},
			questions: []exchange{{"건조기 돌려도 되나요?", "저는 한 번 돌렸는데 조금 줄었어요. 자연 건조 추천해요."}},
		},
		"coach-jacket": {
			owners: []string{"바람 진짜 잘 막아줘요. 환절기에 이것만 입네요.", "안주머니가 있어서 지갑 넣기 좋아요.", "어깨선이 편하고 안에 후드 입어도 안 끼어요.", "색이 고급스러워요. 사진보다 깊은 색이에요."}, owned: []string{"Blocks the wind on my bike commute. Sleeves run a bit long."},
			questions: []exchange{{"비 오는 날 입어도 될까요?", "가랑비 정도는 튕겨내요. 폭우는 안 돼요."}, {"안에 두꺼운 옷 입을 수 있나요?", "니트까지는 여유 있어요."}},
		},
		"cargo": {
			owners: []string{"주머니가 처지지 않아서 깔끔해요.", "허리 밴딩이라 오래 앉아 있어도 편해요.", "기장이 길어서 살짝 접어 입으니 예뻐요."}, owned: []string{"Pockets sit flat. I hemmed mine by two centimetres."},
			questions: []exchange{{"180에 L 괜찮을까요?", "저 181인데 L 기장 딱 좋았어요."}},
		},
		"tote": {
			owners: []string{"15인치 노트북이 여유 있게 들어가요.", "가죽 냄새가 처음엔 있는데 일주일이면 빠져요.", "바닥이 탄탄해서 잘 서 있어요. 출근용으로 좋아요."}, owned: []string{"Fits a 15-inch laptop and lunch. Leather is ageing nicely."},
			questions: []exchange{{"끈 길이가 겨울 외투 위로도 메어지나요?", "두꺼운 패딩은 조금 빠듯하고 코트는 괜찮아요."}},
		},
		"watch": {
			owners: []string{"36mm라 손목 얇은 저한테 딱이에요.", "하루에 2초쯤 빨라요. 이 가격에 훌륭합니다.", "줄 바꿔 차는 재미가 있어요."}, owned: []string{"Perfect size for small wrists."},
			questions: []exchange{{"스트랩 폭이 몇 mm인가요?", "18mm예요. 호환 줄 많아요."}},
		},
		"sunglasses": {
			owners: []string{"코받침이 편해서 오래 써도 자국이 안 남아요.", "렌즈 색이 진하지 않아서 실내에서도 쓰게 돼요."}, owned: []string{"Light, and they stay put."},
			questions: []exchange{{"얼굴 큰 사람도 괜찮나요?", "폭이 넉넉한 편이에요. 저도 큰데 잘 맞아요."}},
		},
		"cap": {
			owners: []string{"깊어서 머리 큰 저도 편하게 써요.", "챙이 처음엔 빳빳한데 손으로 잡아주면 예뻐져요.", "색이 아무 데나 잘 어울려요."}, owned: []string{"Deep fit, sits low. Exactly what I wanted."},
			questions: []exchange{{"머리둘레 60도 들어가나요?", "끝 칸으로 하면 들어가요. 저 59예요."}},
		},
		"backpack": {
			owners: []string{"당일 산행에 물통 두 개까지 넉넉해요.", "등판이 탄탄해서 어깨가 덜 아파요.", "지퍼가 부드럽고 방수도 웬만큼 돼요.", "노트북 칸이 따로 있어서 평일에도 메고 다녀요."}, owned: []string{"Took it on a two-day hike, no complaints."},
			questions: []exchange{{"기내에 들고 탈 수 있는 크기인가요?", "네, 좌석 아래에도 들어갔어요."}, {"16인치 노트북 들어갈까요?", "제 건 딱 맞게 들어가요."}},
		},
		"beanie": {
			owners: []string{"따갑지 않아서 하루 종일 써도 괜찮아요.", "색이 예뻐서 겨울 내내 쓸 것 같아요."}, owned: []string{"Warm and not itchy."},
			questions: []exchange{{"세탁하면 줄어드나요?", "찬물 손세탁 했더니 그대로예요."}},
		},
		"mug": {
			owners: []string{"손에 쥐는 느낌이 좋아요. 아침마다 이것만 씁니다.", "유약 색이 하나하나 조금씩 달라서 더 마음에 들어요.", "용량이 넉넉해서 라테 한 잔 딱 들어가요."}, owned: []string{"Every glaze is slightly different. Mine is lovely."},
			questions: []exchange{{"식기세척기 써도 되나요?", "반년째 쓰고 있는데 멀쩡해요."}},
		},
		"candle": {
			owners: []string{"향이 은은해서 머리가 안 아파요.", "두 시간쯤 켜두면 거실까지 향이 퍼져요."}, owned: []string{"Smells like a forest after rain."},
			questions: []exchange{{"향이 강한 편인가요?", "은은해요. 침실에 두기 좋아요."}},
		},
		"blanket": {
			owners: []string{"소파에 두고 온 가족이 돌려 덮어요.", "무게감이 적당하고 정말 따뜻해요.", "빨래해도 결이 그대로예요."}, owned: []string{"Warm floor indeed. The cat claimed it at once."},
			questions: []exchange{{"퀸 침대도 덮일까요?", "가로로 덮으면 딱 맞아요."}},
		},
		"lamp": {
			owners: []string{"불빛이 따뜻해서 침실에 두기 좋아요.", "밝기 조절이 세밀해서 마음에 듭니다."}, owned: []string{"Beautiful light at night."},
			questions: []exchange{{"전구 교체할 수 있나요?", "네, 작은 소켓 전구면 다 맞아요."}},
		},
		"deck": {
			owners: []string{"팝이 살아 있어요. 8.25 타던 분이면 바로 적응돼요.", "그림이 아까워서 벽에 걸었습니다.", "컨케이브가 적당해서 플립 치기 좋아요."}, owned: []string{"Great pop, mellow concave."},
			questions: []exchange{{"그립 테이프 포함인가요?", "네, 한 장 들어 있었어요."}},
		},
		"headphones": {
			owners: []string{"노이즈 캔슬링이 지하철에서 확실히 티가 나요.", "안경 쓰고 오래 껴도 안 아파요.", "저음이 과하지 않아서 오래 들어도 편해요.", "배터리가 일주일은 가네요."}, owned: []string{"Comfortable with glasses, battery lasts all week."},
			questions: []exchange{{"통화 품질은 어때요?", "조용한 곳은 좋고 바람 불면 조금 아쉬워요."}, {"두 기기 동시에 연결되나요?", "네, 노트북이랑 휴대폰 같이 써요."}},
		},
		"keyboard": {
			owners: []string{"통울림 없이 소리가 단정해요. 사무실에서도 괜찮아요.", "키감이 쫀득해서 글 쓰는 맛이 납니다.", "배열에 적응하는 데 사흘 걸렸어요."}, owned: []string{"Sounds great out of the box. No rattle."},
			questions: []exchange{{"맥에서도 쓸 수 있나요?", "전환 스위치가 있어요. 잘 됩니다."}},
		},
		"handheld": {
			owners: []string{"어릴 때 생각나서 샀는데 출퇴근 시간이 즐거워졌어요.", "화면이 밝아서 낮에도 잘 보여요.", "버튼 눌림이 좋고 손이 작아도 편해요."}, owned: []string{"Pure nostalgia, and the screen is gorgeous."},
			questions: []exchange{{"배터리 얼마나 가나요?", "밝기 중간에 일곱 시간 정도요."}},
		},
		"speaker": {
			owners: []string{"크기에 비해 소리가 꽉 차요.", "욕실에서 쓰려고 샀는데 방수 잘 됩니다."}, owned: []string{"Small, loud enough for the kitchen."},
			questions: []exchange{{"두 대 연결해서 쓸 수 있나요?", "네, 앱에서 좌우로 묶을 수 있어요."}},
		},
		"camera": {
			owners: []string{"셔터 소리가 좋아서 자꾸 들고 나가요.", "색감이 필름 같아서 보정을 안 하게 됩니다.", "주머니에 들어가는 크기라 매일 가지고 다녀요."}, owned: []string{"Colours straight out of camera are wonderful."},
			questions: []exchange{{"입문자가 쓰기에 어렵나요?", "자동으로 두면 휴대폰만큼 쉬워요."}},
		},
	}
}

// Replies that fit whatever somebody says of what they have.

func koreanReplies() []string {
	return []string{
		"후기 감사합니다. 덕분에 결정했어요!", "저도 똑같이 느꼈어요.", "사진으로 볼 때랑 다른가 봐요. 궁금하네요.", "오, 그 정도면 저도 사야겠어요.", "배송은 며칠 걸리셨어요?", "저는 조금 다르게 느꼈는데 사람마다 다른가 봐요.", "정보 감사해요. 저장해 둘게요.", "혹시 아직도 만족하세요?",
		"저도 기다리는 중인데 부럽네요.", "공감합니다. 하나 더 살까 고민 중이에요.", "이 댓글 보고 입찰 넣었습니다.", "잘 사셨네요. 요즘 더 올랐어요.",
	}
}

func englishReplies() []string {
	return []string{"Thanks, that helps a lot!", "Same experience here.", "Good to know. Placing a bid now.", "How long did shipping take?", "Lucky you, I missed that price."}
}

// thanks end an answered question.
func thanks() []string {
	return []string{"답변 감사합니다!", "오, 감사해요. 도움이 됐어요.", "그렇군요. 고맙습니다.", "빠른 답변 감사드려요."}
}
