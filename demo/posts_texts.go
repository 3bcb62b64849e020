package demo

import (
	"maps"
	"math/rand/v2"
)

// lines are texts by name, in decks that deal each text once before any comes
// again.
type lines struct {
	texts map[string][]string
	decks decks
}

// newLines returns what people write below pictures, by language and occasion.
// Texts name the writer's shoe size as {size}, the article as {name}, and a friend
// as {friend}. Of remarks, an answer follows behind a "|".
func newLines() lines {
	l := lines{texts: koreanCaptions(), decks: decks{}}
	maps.Copy(l.texts, englishCaptions())
	maps.Copy(l.texts, koreanRemarks())
	maps.Copy(l.texts, englishRemarks())
	return l
}

func (l lines) deal(r *rand.Rand, name string) string {
	return l.decks.deal(r, name, l.texts[name])
}

func koreanCaptions() map[string][]string {
	return map[string][]string{
		"ko/flat": {
			"오늘 들고 나갈 것들.", "주말 나들이 준비 끝.", "내일 입을 거 미리 꺼내 놨어요.", "요즘 제일 자주 손이 가는 조합.", "정리하다가 예뻐서 한 컷.", "톤 맞추는 재미로 삽니다.", "책상 위 말고 바닥 위.", "여행 짐 싸는 중. 이게 다예요.",
			"이번 달의 소비. 후회는 없음.", "색 맞춰 놓으니까 기분이 좋네요.", "출근룩 미리보기.", "커피 내리는 동안 찍은 사진.", "햇빛 좋을 때 얼른 찍기.", "오후 네 시 창가.", "이 조합 나만 좋아하나.", "한 달 동안 산 것 중에 제일 잘 산 것들.", "위에서 찍으면 다 예뻐 보이는 거 알죠.", "청소하기 싫어서 사진부터 찍었습니다.",
			"월급날의 기록.", "새로 온 애들끼리 인사시키는 중.", "늦은 점심 먹고 느긋하게.", "옷장 앞에서 삼십 분째.", "이대로 입고 나가면 됩니다.", "미니멀하게 살기로 했는데요.",
		},
		"ko/feet": {
			"오늘의 신발.", "발샷은 못 참지.", "퇴근길에 한 컷.", "횡단보도 기다리다가.", "내려다보니 예뻐서.", "바닥 맛집 발견.", "점심 산책 중.", "바지 기장이랑 딱 맞네요.", "신고 나온 보람이 있는 날.", "오늘 만 보 예약.", "비 그치자마자 나왔어요.", "동네 한 바퀴.",
			"여기 바닥 색이랑 찰떡.", "첫 착용! 발이 가볍다.", "길들이기 3일 차.", "편의점 가는 길도 런웨이.", "버스 정류장에서 할 일 없어서.", "흰 양말이 정답이었다.", "끈 다시 묶은 김에.", "주말 아침 공기 좋다.", "신고 나오자마자 칭찬 들음.", "약속 십 분 일찍 도착.", "카페 가는 길.", "이 각도가 제일 예쁜 듯.", "월요일인데 신발 덕분에 기분 좋음.",
		},
		"ko/step": {
			"걷기 좋은 날.", "오늘 착화샷.", "옆모습이 진짜입니다.", "골목 산책.", "퇴근하고 바로 밖으로.", "바지 핏이랑 잘 어울려서 기록.", "친구가 몰래 찍어 준 사진.", "걷다 보니 두 정거장 지나침.", "굽 높이 티 나나요?", "날씨가 다 했다.", "주말엔 무조건 걷기.", "뒤꿈치 안 까져서 합격.",
			"착화감 물어보시는 분들 많아서 올려요.", "오늘 코디는 신발에서 시작.", "밤 산책 나왔어요.", "노을 질 때 나가야 하는 이유.", "지하철 한 정거장 전에 내려서 걸었다.", "출근길 3초 전.", "이 바지에 이 신발, 공식입니다.", "저녁 먹고 소화시킬 겸.", "코트 색이 예뻐서 들렀어요.", "발이 편하니까 하루가 편하다.", "오랜만에 꺼낸 신발.", "멀리서 봐도 예쁜 옆선.",
		},
		"ko/look": {
			"오늘 뭐 입지 끝.", "데일리룩 기록.", "편한 게 최고.", "위아래 톤온톤.", "오늘은 힘 빼고.", "후드에 카고, 늘 입던 대로.", "얼굴은 못생겼으니까 자르고.", "약속 있는 날의 옷.", "바지 통 넓을수록 좋아하는 사람.", "친구 만나러 가는 길.", "출근룩인데 출근하기 싫네요.", "주말 유니폼.",
			"벽 색이 예뻐서 세워 두고 찍힘.", "키 작아도 와이드 됩니다.", "신발에 옷 맞춘 날.", "오늘 코디 점수 몇 점?", "뒷모습 담당.", "색 하나만 포인트로.", "공강에 나들이.", "집 앞 나가는데 너무 꾸몄나.", "일주일 중에 제일 마음에 든 옷.", "입고 싶은 거 입고 사는 중.", "늘 같은 자리에서 찍는 사진.", "봄옷이랑 겨울옷 사이 어딘가.",
		},
		"ko/shelf": {
			"신발장 정리 끝!", "벽 한 면을 내줬습니다.", "조명 달았더니 매장 같아요.", "한 칸 비었으니 또 사야겠죠.", "드디어 선반 조립 완료.", "가족들 몰래 늘어나는 중.", "색깔별로 정리해 봤어요.", "여기까지 오는 데 3년.", "이 중에서 한 켤레만 고른다면?", "먼지 털고 기념사진.", "내 방에서 제일 좋아하는 자리.", "이사 와서 제일 먼저 만든 공간.", "자기 전에 한 번씩 보고 잡니다.",
			"컬렉션이라고 하기엔 소박하지만.", "안 신는 건 보내 주고 남은 아이들.", "왼쪽 위가 최애.", "정리의 끝은 사진.", "전시만 하는 건 아니고 다 신어요.",
		},
		"ko/studio": {
			"실물 색감 그대로.", "드디어 제대로 찍어 봤다.", "집에서 조명 켜고 찍은 사진.", "이 각도에서 보면 반합니다.", "디테일 보세요.", "색종이 한 장으로 스튜디오 만들기.", "새 배경지 산 기념.", "오래 기다린 만큼 예쁘게.", "옆선 미쳤다.", "가까이서 봐야 하는 신발.", "자랑 좀 할게요.", "퇴근하고 찍는 사진이 취미입니다.", "그림자까지 마음에 들어요.", "보정 거의 안 했어요.", "떠 있는 것처럼 찍어 봤어요.",
			"소재 질감 좀 보세요.", "팔기 전에 마지막으로 한 컷.", "한 번 더 반했다.", "요즘 이 색에 꽂혔어요.", "말이 필요 없음.",
		},
		"ko/box": {
			"언박싱!", "왔다 드디어.", "택배 기사님 사랑합니다.", "검수 끝나고 오늘 도착.", "박스 여는 순간이 제일 좋아.", "생일 선물 셀프로.", "두 달 기다린 택배.", "종이 냄새까지 좋다.", "열자마자 소리 질렀어요.", "퇴근하고 오니 문 앞에 딱.", "정가보다 싸게 건졌어요.", "입찰 걸어 둔 게 체결됐습니다.", "박스 상태까지 완벽.", "한 켤레만 더 산다고 했는데.", "이번엔 진짜 마지막.", "사이즈 맞기를 바라며 개봉.", "아직 안 신어 봄. 떨려요.",
		},
		"ko/mood": {
			"노을 보러 왔다가 신발만 찍고 감.", "오늘 여기 온 이유.", "바람 쐬러 나왔어요.", "사람 없는 시간이 제일 좋다.", "여행 첫날.", "해 지기 십 분 전.", "멀리 온 보람이 있는 풍경.", "혼자 조용히 다녀온 곳.", "생각 정리하러.", "이 시간의 색을 좋아해요.", "잠깐 내려놓고 구경.", "야경은 배신하지 않는다.", "드라이브 끝에 도착.", "주머니에 카메라 넣고 다니길 잘했다.", "여기 진짜 저만 알고 싶은데.", "풍경이랑 색이 잘 맞아서.", "한 시간 걸어서 온 곳.", "쉬는 날엔 밖으로.", "사진은 못 담는 공기.", "내일 출근 생각 잠시 안 하기.",
		},
		"ko/about shoes": {
			"{name}, {size} 정사이즈로 갔어요.", "{name} 실물이 훨씬 예뻐요.", "{name} 신고 벌써 2주째.", "{name} 반 사이즈 업 추천.", "결국 {name} 들였습니다.", "{name} 색 이름부터 마음에 들어.", "{name} 쿠션 생각보다 탄탄해요.", "요즘 {name}만 신어요.", "{name} 발볼 넓은 분도 괜찮아요.", "{name} 끈 바꿔 끼우니 또 다르네.", "{name} 오래 신어 보고 후기 남길게요.", "{name} 시세 내려와서 바로 잡음.", "사진은 {name}.",
			"{name} 이 색 다시 안 나오려나.", "{name} 드디어 내 발에.", "{size}인데 {name} 딱 맞아요.", "{name} 무게 진짜 가벼움.", "{name} 두 켤레째예요. 이유가 있어요.", "고민하던 {name} 오늘 개시.",
		},
		"ko/about clothes": {
			"{name}, 한 치수 크게 입었어요.", "{name} 소매 길이 딱 좋다.", "{name} 빨아도 그대로예요.", "입은 건 {name}.", "{name} 색감이 사진에 안 담겨요.", "{name} 이번 시즌 제일 잘 산 옷.", "{name} 두께감 지금 딱.", "{name} 어깨선 예쁘게 떨어져요.", "매일 입어도 안 질리는 {name}.", "{name} 고민하다 샀는데 왜 고민했지.",
		},
		"ko/about things": {
			"{name} 드디어 내 손에.", "{name} 매일 쓰는 중.", "요즘 {name} 없으면 허전해요.", "{name} 생각보다 작고 귀여워요.", "{name} 마감이 정말 좋아요.", "선물로 받은 {name}.", "{name} 색 고르느라 사흘 고민.", "{name} 들고 나가면 꼭 물어봐요.", "{name}, 오래 쓸 것 같아요.", "오늘의 주인공은 {name}.",
		},
		"ko/winter": {"바람이 아직 차요.", "눈 오기 전에 얼른.", "손 시려서 딱 한 장만 찍음.", "롱패딩 안에 숨은 코디.", "오늘 영하인데 양말로 버팀.", "입김 나오는 아침.", "겨울 햇빛이 제일 예쁘다.", "빙판 조심하세요.", "따뜻한 라테 들고."},
		"ko/spring": {"꽃샘추위 조심.", "미세먼지 없는 날은 나가야죠.", "벚꽃 언제 피나.", "드디어 봄 냄새.", "겉옷 하나 벗으니 가볍다.", "바람이 이제 안 차네요.", "개나리 봤어요.", "낮에는 반팔도 되겠어요.", "봄비 그친 뒤."},
		"ko/summer": {"더워도 신발은 포기 못 해.", "장마 끝나자마자.", "소나기 피해서 들어왔어요.", "아이스 아메리카노 두 잔째.", "해 지고 나서야 나온 사람.", "매미 소리 크다.", "열대야 산책.", "햇빛 세서 눈 못 뜸."},
		"ko/autumn": {"가을볕 최고.", "은행 안 밟으려고 애씀.", "하늘이 높아졌다.", "겉옷의 계절이 왔어요.", "낙엽 밟는 소리 좋다.", "저녁엔 제법 쌀쌀.", "일 년 중 제일 걷기 좋은 때.", "단풍 구경 겸."},
		"ko/question": {
			"다들 사이즈 어떻게 가세요?", "끈 무슨 색이 나을까요?", "이 바지 괜찮나요?", "다음엔 뭐 살까요?", "여름에도 신을 만할까요?", "왼쪽 오른쪽 중에 고른다면?", "세탁 어떻게 하세요?", "이거 말고 다른 색도 볼까요?", "여러분 최애 컬러는요?", "어디 신고 나갈지 추천 좀.", "하나만 남긴다면 뭐 남기실래요?", "양말은 흰색? 검은색?",
		},
		"ko/friend": {
			"{friend} 덕분에 입문.", "{friend} 이거 네 거잖아.", "사진은 {friend}", "{friend} 이랑 커플 신발.", "{friend} 다음 주에 같이 가자.", "{friend} 부럽지?", "추천해 준 {friend} 고마워요.", "{friend} 이 색 샀어?", "with {friend}", "{friend} 약속 시간 지켜.",
		},
		"ko/tags":        {"오오티디", "데일리룩", "데일리", "신발스타그램", "일상", "ootd", "sneakers", "주말", "기록", "취향", "오늘의코디", "신발추천", "맞팔", "소통", "패션", "데일리슈즈", "퇴근길", "산책", "서울", "감성사진"},
		"ko/tags worn":   {"착샷", "발샷", "착용샷", "오늘의신발", "코디", "룩북", "남친룩", "꾸안꾸", "와이드팬츠", "스니커즈코디"},
		"ko/tags shoes":  {"스니커즈", "운동화", "신발덕후", "신발장", "언박싱", "러닝화", "한정판", "컬렉션", "sneakerhead", "신상"},
		"ko/tags things": {"소품", "득템", "취미", "내돈내산", "선물추천", "방꾸미기", "가방속", "인테리어", "쇼핑", "위시리스트"},
	}
}

func englishCaptions() map[string][]string {
	return map[string][]string{
		"en/flat": {
			"Packed for the weekend.", "Laid out for tomorrow.", "Everything I carried today.", "Four o'clock light, best light.", "Matching tones is my therapy.", "Small haul, zero regrets.", "Floor is the new studio.", "What I reach for most lately.", "Coffee first, then photos.", "Trying to own fewer things. Trying.", "Colours that get along.", "Out the door in five minutes.", "Sunday inventory.", "This month's favourites.", "Couldn't decide, so all of it.",
		},
		"en/feet": {
			"Today's pair.", "Looking down again.", "First wear!", "Found a good floor.", "Waiting for the light to change.", "Lunch break lap.", "10k steps booked.", "White socks were the right call.", "Day three of breaking them in.", "Corner shop run, but make it fashion.", "Just after the rain.", "Good shoes, good Monday.", "Hem length finally right.", "Early for once.", "Took the long way home.",
		},
		"en/step": {
			"Side profile is everything.", "Walking weather.", "Straight from work to outside.", "Someone asked for an on-foot. Here.", "Missed my stop, found a nice street.", "These trousers with these shoes, every time.", "Evening walk.", "A friend caught this one.", "No blisters. Approved.", "The outfit started at the shoes.", "Golden hour does the work.", "Haven't worn these in ages.", "Night lap around the block.", "One stop early, on purpose.",
		},
		"en/look": {
			"Fit check.", "Comfort first.", "Same wall, different day.", "Head cropped, you're welcome.", "Built from the shoes up.", "Wide trousers supremacy.", "Weekend uniform.", "Dressed for a meeting that got cancelled.", "One loud colour is enough.", "Back view, best view.", "Rate it out of ten.", "Too much for the bakery? No.", "Easy layers.", "Wearing the good hoodie.",
		},
		"en/shelf": {
			"Shelf finally up.", "One gap left. You know what that means.", "Sorted by colour, finally.", "All worn, none for show.", "Pick one.", "Three years in the making.", "Top left is my favourite.", "Lights make it look like a shop.", "My favourite corner of the flat.", "Dusted and documented.", "What survived the clear-out.",
		},
		"en/studio": {
			"Colours as they are, no filter.", "One lamp, one sheet of paper.", "Had to do them justice.", "Look at that line.", "Details up close.", "New backdrop day.", "Kitchen table studio.", "Even the shadow is pretty.", "Last photo before they go.", "Obsessed with this colour.", "No words needed.", "Photographing shoes is the hobby now.",
		},
		"en/box": {
			"Unboxing!", "They're here.", "Doorstep surprise.", "Passed inspection, landed today.", "Best sound in the world: tissue paper.", "Birthday present to myself.", "Two months of waiting.", "My bid went through!", "Last pair this year. Promise.", "Fingers crossed for the size.", "Haven't even tried them on yet.", "Below retail, somehow.",
		},
		"en/mood": {
			"Came for the view, took photos of shoes.", "Ten minutes before sunset.", "Fresh air.", "First day of the trip.", "Worth the climb.", "Nobody here but us.", "Long drive, good end.", "Quiet hours.", "City lights never disappoint.", "The air was better than the photo.", "Off the grid until Monday.", "Not telling you where this is.",
		},
		"en/about shoes": {
			"{name}, true to size in {size}.", "The {name} looks even better in person.", "Two weeks in the {name}.", "Went half a size up in the {name}.", "Finally got the {name}.", "The {name}: lighter than it looks.", "{name}, second pair. There's a reason.", "On foot: {name}.", "The price dropped, so: {name}.", "{name} with new laces.", "Wide feet approve of the {name}.", "Waited ages for the {name}.",
		},
		"en/about clothes": {
			"{name}, sized up.", "Wearing the {name}.", "{name} survived the wash.", "Best buy of the season: {name}.", "{name}, perfect weight for now.", "The colour of the {name} won't photograph.", "{name} on repeat.",
		},
		"en/about things": {
			"{name}, used every day.", "Finally mine: {name}.", "The {name} is smaller and cuter than I thought.", "Somebody always asks about the {name}.", "{name} was a gift. Best gift.", "Star of the show: {name}.", "Took three days to choose the colour of the {name}.",
		},
		"en/winter":     {"Fingers frozen, one photo only.", "Winter sun, though.", "Before the snow comes.", "Minus five and still no socks over the hem.", "Hot latte weather.", "Mind the ice."},
		"en/spring":     {"Almost spring.", "First day without a coat.", "Blossom watch has begun.", "Clear air for once.", "After the spring rain.", "Light till seven now."},
		"en/summer":     {"Too hot for laces.", "Hiding from the rain.", "Second iced coffee.", "Waited for the sun to go down.", "Monsoon break."},
		"en/autumn":     {"Layer season.", "Crunchy leaves.", "Best walking month.", "Getting dark early.", "That autumn light."},
		"en/question":   {"Which laces, white or cream?", "What size did you take?", "Keep or sell?", "Left or right?", "How do you clean yours?", "What should I wear them with?", "One to keep: which?", "Summer-proof or not?"},
		"en/friend":     {"Blame {friend} for this.", "{friend} told me to.", "Photo by {friend}", "Twinning with {friend}", "{friend} you need these.", "With {friend}", "{friend} next weekend?", "Thanks {friend} for the tip."},
		"en/tags":       {"ootd", "sneakers", "dailylook", "kicks", "weekend", "sneakerhead", "style", "streetstyle", "fitcheck", "seoul", "everyday", "shoes", "kicksoftheday", "walk"},
		"en/tags worn":  {"onfeet", "wdywt", "outfit", "fit", "onfoot", "widepants", "todayskicks"},
		"en/tags shoes": {"sneakercollection", "unboxing", "newshoes", "deadstock", "runningshoes", "sneakerwall", "colourway"},
		"en/tags things": {
			"edc", "finds", "haul", "giftideas", "deskside", "whatsinmybag", "wishlist",
		},
	}
}
