#!/usr/bin/env python3
"""Writes the sample corpus: corpus/articles/*.txt.

Every name of a start-up that is not in the public eye, every amount and every quotation is made up;
sentences were written for this project. The result looks as crawled Korean news does: bylines,
copyright lines, remnants of navigation, spam, near-duplicates, Hanja shorthand, several encodings.
The seed is fixed: the same articles come out each time.
"""
import os, random, sys, unicodedata

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "articles")
R = random.Random(20250210)
one = R.choice

def batchim(w):
    c = ord(w[-1])
    if 0xAC00 <= c <= 0xD7A3: return (c - 0xAC00) % 28
    return 1 if w[-1].lower() in "lmnr13678" else 0

def p(word, pair):
    """word with the particle that fits: p('미스트랄', '은는')."""
    b = batchim(word)
    if pair == "으로": return word + ("로" if b in (0, 8) else "으로")
    table = {"은는": "은는", "이가": "이가", "을를": "을를", "과와": "과와"}[pair]
    return word + (table[0] if b else table[1])

# name, how articles spell it in Latin, what it does, city, country
COMPANIES = [
    ("미스트랄", "Mistral AI", "대형언어모델", "파리", "프랑스"), ("허깅페이스", "Hugging Face", "오픈소스 모델 허브", "파리", "프랑스"),
    ("알레프알파", "Aleph Alpha", "기업용 언어모델", "하이델베르크", "독일"), ("딥엘", "DeepL", "기계번역", "쾰른", "독일"),
    ("헬싱", "Helsing", "방위 인공지능", "뮌헨", "독일"), ("신세시아", "Synthesia", "영상 생성", "런던", "영국"),
    ("웨이브", "Wayve", "자율주행", "런던", "영국"), ("스태빌리티", "Stability AI", "이미지 생성", "런던", "영국"),
    ("오우킨", "Owkin", "신약 개발", "파리", "프랑스"), ("포토룸", "PhotoRoom", "사진 편집", "파리", "프랑스"),
    ("나블라", "Nabla", "의료 기록 비서", "파리", "프랑스"), ("풀사이드", "poolside", "코드 생성", "파리", "프랑스"),
    ("에이치컴퍼니", "H Company", "행동형 에이전트", "파리", "프랑스"), ("큐타이", "Kyutai", "음성 대화 모델", "파리", "프랑스"),
    ("라이트온", "LightOn", "기업 문서 검색", "파리", "프랑스"), ("실로에이아이", "Silo AI", "다국어 모델", "헬싱키", "핀란드"),
    ("러버블", "Lovable", "앱 생성", "스톡홀름", "스웨덴"), ("블랙포레스트", "Black Forest Labs", "이미지 모델", "프라이부르크", "독일"),
    ("그래프코어", "Graphcore", "AI 반도체", "브리스틀", "영국"), ("파스칼", "Pasqal", "양자컴퓨터", "마시", "프랑스"),
    ("시프드", "SiPearl", "유럽형 프로세서", "메종라피트", "프랑스"), ("오브이에이치", "OVHcloud", "클라우드", "루베", "프랑스"),
    ("스케일웨이", "Scaleway", "GPU 클라우드", "파리", "프랑스"), ("다이나트레이드", "Dynatrade", "물류 예측", "리옹", "프랑스"),
    ("루미에르", "Lumière Labs", "영화 자막 번역", "리옹", "프랑스"), ("바다랩", "Bada Lab", "해양 관측 인공지능", "부산", "한국"),
]
PEOPLE = ["아르튀르 멘슈", "기욤 랑플", "클라라 샤파즈", "티에리 브르통", "마리 뒤퐁", "안나 슈미트", "소피 베르나르", "장 르루아",
          "카미유 모로", "토마 볼프", "에리크 가르니에", "한나 베버", "올리비에 마르탱", "줄리 라크루아"]
REPORTERS = ["김하늘", "이도윤", "박서진", "최유나", "정민재", "한지우", "윤가람", "서다은", "강태오", "임소라"]
PAPERS = ["한빛일보", "가온경제", "누리테크", "새벽뉴스", "연합통신망", "디지털아침", "서울과학신문"]
INVESTORS = ["앤드리슨 호로위츠", "라이트스피드", "제너럴 캐털리스트", "비피아이프랑스(Bpifrance)", "삼성벤처투자", "엔비디아",
             "세일즈포스 벤처스", "코렐리아캐피탈", "네이버", "아이코닉", "유라제오", "ASML"]
CITIES = ["파리", "리옹", "툴루즈", "그르노블", "릴", "낭트", "소피아앙티폴리스", "마르세유", "스트라스부르"]
SHORT = {"프랑스": "佛", "독일": "獨", "영국": "英", "한국": "韓", "핀란드": "핀란드", "스웨덴": "스웨덴"}

def amount(eok=None):
    """An amount of euros in one of the usual notations; eok: hundreds of millions, in units of 0.05."""
    if eok is None: eok = one([0.5, 1.05, 1.5, 2, 2.4, 3.85, 4.5, 5, 6, 8.6, 10.9, 12, 17, 20, 1090])
    if eok >= 100: return one(["1090억유로", "1,090억 유로", "1천90억유로", "1천90억 유로"])
    whole, rest = int(eok), round((eok - int(eok)) * 10000)
    forms = []
    if whole and rest: forms += ["%d억%d만유로" % (whole, rest), "%d억 %s만 유로" % (whole, format(rest, ",")), "%.2f억유로" % eok]
    elif whole: forms += ["%d억유로" % whole, "%d억 유로" % whole, "€%d00M" % whole]
    else: forms += ["%d만유로" % rest, "%s만 유로" % format(rest, ",")]
    return one(forms)

def won(): return one(["약 %s억원" % format(R.randrange(300, 9900, 50), ","), "한화 %d조%d00억원" % (R.randrange(1, 9), R.randrange(1, 9)),
                       "우리 돈 %d천%d백억 원" % (R.randrange(1, 9), R.randrange(1, 9))])

def date():
    y, m, d = one([2024, 2025, 2025, 2025]), R.randrange(1, 13), R.randrange(1, 29)
    return (y, m, d)

def show(d): return one(["%d년 %d월 %d일" % d, "%d.%02d.%02d" % d, "%d-%02d-%02d" % d, "%d/%d/%d" % d])

def investment(c):
    name, latin, what, city, country = c
    d, who, lead = date(), one(PEOPLE), R.sample(INVESTORS, 2)
    a = amount()
    title = one(["%s AI 스타트업 %s, %s 투자 유치" % (country, name, a), "[속보] %s, %s 투자 받는다" % (name, a),
                 "%s 자랑 '%s'… %s 뭉칫돈 몰렸다" % (SHORT[country], name, a), "%s(%s) 몸값 껑충… 시리즈B %s" % (name, latin, a)])
    body = [
        "%s의 인공지능 스타트업 %s(%s)가 %s 규모의 투자를 유치했다고 %s 밝혔다." % (city, name, latin, a, show(d)),
        "이번 투자 라운드는 %s 주도했고 %s 참여했다. 회사의 기업가치는 %s로 평가됐다." % (p(lead[0], "이가"), p(lead[1], "이가"), amount(R.choice([20, 60, 12, 17]))),
        one(["%s %s 분야에서 유럽을 대표하는 기업으로 꼽힌다." % (p(name, "은는"), what),
             "%s %s을(를) 앞세워 미국 빅테크에 맞설 유럽의 대안으로 불린다." % (p(name, "은는"), what)]),
        "%s %s 최고경영자는 \"%s\"라고 말했다." % (name, who, one(["투자금의 절반은 연구 인력에 쓰겠다", "유럽에도 세계 수준의 모델이 있다는 것을 보여주겠다",
            "우리는 규모보다 효율을 택했다", "올해 안에 아시아에 사무소를 열 것", "오픈소스는 우리의 뿌리"])),
        one(["회사는 투자금을 데이터센터 확충과 인재 채용에 쓸 계획이다. 현재 직원은 %d명이다." % R.randrange(40, 900),
             "확보한 자금은 %s에 짓는 연산 시설과 새 모델 학습에 들어간다." % one(CITIES)]),
        "이는 %s에 해당하는 금액으로, 올해 유럽 AI 업계 투자 가운데 %d번째로 크다." % (won(), R.randrange(2, 9)),
    ]
    return title, d, body

def launch(c):
    name, latin, what, city, country = c
    d, product = date(), one(["르샤", "코덱스트랄", "보야지", "픽스트랄", "오로라", "에스프리", "솔레이", "아르모니", "노바", "세레나데"])
    v = "v%d.%d" % (R.randrange(1, 4), R.randrange(0, 9))
    title = one(["%s, 새 모델 '%s' 공개… \"GPT보다 %d배 빠르다\"" % (name, product, R.randrange(2, 9)), "%s %s %s 무료로 푼다" % (name, product, v),
                 "한국어 되는 유럽 AI, %s '%s' 써보니" % (name, product)])
    body = [
        "%s %s %s을(를) %s 공개했다. %s 모델로, 매개변수는 %d억 개다." % (p(name + "(" + latin + ")", "은는"), product, v, show(d), what, R.randrange(7, 400)),
        "회사 측은 추론 속도가 이전 세대보다 %d.%d%% 빨라졌고 전력은 %d%% 덜 쓴다고 설명했다." % (R.randrange(12, 99), R.randrange(1, 9), R.randrange(10, 60)),
        one(["한국어를 포함해 %d개 언어를 지원한다. 한국어 성능은 영어의 %d%% 수준이다." % (R.randrange(12, 80), R.randrange(80, 98)),
             "한글과 한자가 섞인 문서도 무리 없이 읽는다는 것이 개발진의 설명이다."]),
        one(["개발자는 API와 내려받기 두 가지 방식으로 쓸 수 있다. 라이선스는 Apache 2.0이다.", "가중치는 허깅페이스(Hugging Face)에 올라와 있다."]),
        "%s 연구총괄은 \"%s\"고 했다." % (one(PEOPLE), one(["작은 모델이 큰 모델을 이기는 시대가 왔다", "이 모델은 노트북에서도 돌아간다", "안전성 시험에만 6개월을 썼다", "벤치마크 점수보다 실제 쓰임새가 중요하다"])),
        "가격은 입력 토큰 100만 개당 %.1f달러, 출력은 %.1f달러로 경쟁사의 %d분의 1이다." % (R.random() * 2 + .1, R.random() * 6 + 1, R.randrange(3, 9)),
    ]
    return title, d, body

def policy(_):
    d = date()
    title = one(["유럽연합 AI법 시행… 스타트업 \"규제 완화해야\"", "佛 정부, 인공지능에 %s 쏟는다" % amount(), "파리 AI 정상회의 폐막… 美·英은 서명 거부",
                 "與 \"유럽 AI법 참고해 기본법 손질\"", "EU 집행위, 'AI 기가팩토리' %s 투입" % amount(20), "프랑스 대통령 \"1090억유로 투자로 AI 강국 도약\"",
                 "美 관세에 유럽 기술기업 '비상'… 中은 반사이익"])
    body = [
        one(["유럽연합(EU) 집행위원회는 %s 인공지능법(AI Act)의 단계적 시행 계획을 발표했다." % show(d),
             "프랑스 정부는 %s 인공지능 국가전략 3단계를 내놓고 %s 투자 계획을 밝혔다." % (show(d), amount()),
             "에마뉘엘 마크롱 프랑스 대통령은 %s 파리에서 열린 AI 행동 정상회의에서 민간 투자 1090억유로를 약속했다." % show(d)]),
        one(["고위험 인공지능을 만드는 기업은 위험 평가와 기록 보관 의무를 진다. 어기면 매출의 7%까지 과징금을 문다.",
             "데이터센터에 필요한 전력은 원자력발전으로 대기로 했다. 프랑스 전력의 %d%%가 원전에서 나온다." % R.randrange(62, 72)]),
        one(["美 부통령은 \"과도한 규제는 혁신을 죽인다\"며 반대했고, 中 대표단은 공동성명에 이름을 올렸다.",
             "한국과 프랑스는 2026년 수교 140주년을 앞두고 공동 연구를 늘리기로 했다."]),
        "%s 디지털 담당 장관은 \"%s\"라고 밝혔다." % (one(PEOPLE), one(["유럽의 주권이 걸린 문제", "규제와 혁신은 함께 갈 수 있다", "인재가 돌아오는 나라를 만들겠다"])),
        one(["與野는 국내 인공지능 기본법을 두고도 맞서고 있다. 與는 산업 진흥을, 야당은 이용자 보호를 앞세운다.",
             "전문가들은 유럽의 규제가 국내 기업에도 영향을 줄 것으로 본다.", "스타트업 단체는 중소기업에 한해 시행을 2년 미뤄 달라고 요구했다."]),
    ]
    return title, d, body

def ecosystem(_):
    d, city = date(), one(CITIES)
    title = one(["佛 자랑 '라 프렌치 테크'… 유니콘 30개 키웠다", "%s은(는) 어떻게 AI 도시가 됐나" % city, "세계 최대 창업 요람 스타시옹 에프(Station F)를 가다",
                 "비바테크 개막… 한국관에 %d개사" % R.randrange(20, 80), "프랑스 AI 스타트업 1천개 시대", "프랑스 이공계 두뇌들, 실리콘밸리 대신 %s으로" % city])
    body = [
        one(["라 프렌치 테크(La French Tech)는 프랑스 정부가 2013년에 시작한 창업 지원 사업이다. 지금은 전 세계 %d개 도시에 지부가 있다." % R.randrange(60, 120),
             "파리 13구의 옛 철도 창고를 고쳐 만든 스타시옹 에프에는 스타트업 1천여 곳이 모여 있다."]),
        "%s 지역의 인공지능 기업은 %d곳으로 1년 새 %d%% 늘었다. %s 기준 누적 투자액은 %s다." % (city, R.randrange(40, 400), R.randrange(8, 60), show(d), amount()),
        one(["에콜 폴리테크니크와 고등사범학교 출신이 창업의 주축이다. 수학 교육이 강한 것이 비결로 꼽힌다.",
             "구글 딥마인드와 메타의 파리 연구소를 거친 연구자들이 잇달아 회사를 차렸다.",
             "병원과 대학, 기업이 함께 쓰는 계산 센터가 있어 초기 기업도 GPU를 싸게 쓴다."]),
        one(["생물학자와 물리학자도 인공지능 창업에 뛰어든다. 도로ㆍ지반ㆍ수자원 같은 토목 분야에도 쓰임새가 넓다.",
             "한국 스타트업도 %d곳이 입주했다. 서울시는 프랑스 파리와 교류를 늘릴 계획이다." % R.randrange(3, 20)]),
        "입주사 대표 %s 씨는 \"%s\"라며 웃었다." % (one(PEOPLE), one(["임대료보다 사람이 중요하다", "점심시간마다 투자자를 만난다", "비자 문제가 석 달 만에 풀렸다"])),
        one(["다만 성장 단계의 자금이 부족해 미국 자본에 기대는 기업이 많다는 지적도 나온다.", "2025년 2월 10일 열린 설명회에는 예비 창업자 %d명이 몰렸다." % R.randrange(120, 900)]),
    ]
    return title, d, body

def cooperation(c):
    name, latin, what, city, country = c
    d, partner = date(), one(["삼성전자", "네이버", "SK텔레콤", "LG CNS", "카카오", "현대자동차", "한국은행", "서울대학교병원", "한국전력", "KAIST"])
    title = one(["%s·%s, %s 손잡는다" % (partner, name, what), "%s, 유럽 AI %s 협력… \"연내 서비스\"" % (partner, p(name, "과와")), "[단독] %s 서울 사무소 연다" % name])
    body = [
        "%s %s의 %s(%s)와 %s 분야에서 협력하기로 하고 %s 양해각서를 맺었다." % (p(partner, "은는"), country, name, latin, what, show(d)),
        "두 회사는 한국어 데이터를 함께 다듬고, 올해 하반기까지 시험 서비스를 낸다. 투입 금액은 %s이다." % won(),
        one(["%s 관계자는 \"국산 모델과 경쟁이 아니라 보완 관계\"라고 선을 그었다." % partner,
             "%s에서부터도 참여 문의가 이어지고 있다고 회사는 전했다." % one(["한국은행", "금융감독원", "서울시청"])]),
        "%s 측은 서울에 직원 %d명 규모의 사무소를 열 계획이다. 연락처는 02-%d-%04d다." % (name, R.randrange(5, 60), R.randrange(200, 999), R.randrange(0, 9999)),
        one(["업계에서는 개인정보 보호 규정(GDPR)을 지키면서 데이터를 주고받는 방법이 과제라고 본다.", "B2B기업과 공공기관이 먼저 쓰게 될 전망이다. 3D 설계와 문서 요약에도 적용한다."]),
    ]
    return title, d, body

def hospital(c):
    name, latin, what, city, country = c
    d, place = date(), one(["서울대학교병원", "서울 대학교 병원", "리옹 국립병원", "구스타브루시 암센터", "네케르 어린이병원"])
    title = one(["AI가 읽은 CT, 의사보다 %d분 빨랐다" % R.randrange(5, 40), "%s, %s 기술로 진료 기록 자동화" % (place, name), "암 진단 돕는 유럽 인공지능, 국내 병원에 들어온다"])
    body = [
        "%s %s %s의 인공지능을 시험 도입했다고 %s 밝혔다." % (p(place, "은는"), country, name, show(d)),
        "환자 %s명의 영상을 분석한 결과 민감도는 %d.%d%%로 나타났다. 혈당 수치와 혈압 기록도 함께 살핀다." % (format(R.randrange(300, 9000), ","), R.randrange(88, 98), R.randrange(0, 9)),
        one(["의사가 말하면 기록이 저절로 정리돼 진료 시간이 %d%% 줄었다." % R.randrange(10, 40), "판독 결과는 참고용이며 최종 결정은 의사가 한다."]),
        "%s 교수는 \"%s\"고 설명했다." % (one(REPORTERS), one(["인공지능은 두 번째 눈", "야간 응급실에서 특히 도움이 된다", "개인정보는 병원 밖으로 나가지 않는다"])),
        one(["도입 비용은 %s이며 3년 동안 나눠 낸다." % won(), "건강보험 적용 여부는 내년에 결정된다.", "국회는 의료 인공지능의 책임을 정하는 법안을 심사 중이다."]),
    ]
    return title, d, body

def chips(c):
    name, latin, what, city, country = c
    d = date()
    title = one(["유럽산 AI 반도체 나온다… %s 양산 돌입" % name, "엔비디아 GPU %s장, %s 데이터센터로" % (format(R.randrange(3, 60) * 1000, ","), one(CITIES)), "비 오는 날에도 돈다… 원전 옆 데이터센터"])
    body = [
        "%s의 %s(%s)가 %s 용 반도체 양산을 시작했다. 첫 물량은 %s에 공급된다." % (country, name, latin, what, one(CITIES)),
        "면적 %d㎢ 터에 들어서는 데이터센터의 전력은 %d메가와트(MW)로, %s km 떨어진 원전에서 끌어온다." % (R.randrange(1, 9), R.randrange(50, 1400, 50), R.randrange(2, 40)),
        "건설비는 %s으로 추산된다. 완공은 %s로 잡혔다." % (amount(), show(d)),
        one(["냉각수는 빗물을 모아 쓴다. 비가 오지 않는 여름에는 강물을 끌어온다.", "폐열은 인근 수영장과 아파트 난방에 쓰인다.", "주민들은 전기요금이 오를까 걱정한다."]),
        one(["반도체는 TSMC의 %d나노 공정으로 만든다. 성능은 같은 전력에서 엔비디아 H100의 %d%% 수준이다." % (R.randrange(3, 7), R.randrange(60, 130)),
             "삼성전자와 SK하이닉스의 고대역폭메모리(HBM)가 들어간다."]),
    ]
    return title, d, body

KINDS = [investment] * 5 + [launch] * 4 + [policy] * 3 + [ecosystem] * 3 + [cooperation] * 3 + [hospital] * 2 + [chips] * 2
EXTRA = [
    "업계 관계자는 \"유럽 시장은 언어가 많아 번역과 검색 기술이 먼저 컸다\"고 분석했다.",
    "벤처투자 정보업체에 따르면 지난해 유럽 인공지능 투자는 %d%% 늘어 전체 벤처투자의 4분의 1을 넘었다.",
    "독일과 영국에 견줘 프랑스는 공공 투자와 수학 인재에서 앞선다는 평가를 받는다. 회의에서 나온 결과도 다르지 않았다.",
    "국내 전문가들은 \"규모의 경쟁보다 특화 모델에 기회가 있다\"고 조언한다. 도로 위 자율주행과 제조 현장이 대표적이다.",
    "한편 오픈AI와 구글도 파리에 연구소를 두고 인재 확보 경쟁을 벌이고 있다. 오픈 AI의 파리 직원은 %d명으로 알려졌다.",
    "데이터 주권을 둘러싼 논쟁도 커지고 있다. 유럽 의회는 공공 문서를 학습에 쓰는 문제를 두고 여덟 달째 토론 중이다.",
    "주가는 이날 %d.%d%% 올랐다. GDP가 0.%d%% 늘어난 2분기 이후 기술주가 강세를 이어가고 있다.",
    "자세한 내용은 공식 블로그에서 볼 수 있다. 문의: press@example.com, 010-1234-5678.",
]
SPAM = ["★☆ 카지노 바카라 신규가입 즉시 3만 포인트 지급 ☆★ 지금 접속하세요 ▶▶ 먹튀 없는 안전 놀이터",
        "[광고] 무이자 대출 OK! 당일 5000만원까지 무서류 무방문 상담 →", "다이어트 한약 7일 -5kg 보장!! 선착순 100명 ♥♥ 비키니 몸매 완성 44사이즈비키니",
        "로또 1등 당첨번호 무료 공개 ☎ 060-000-0000"]
NAV = ["홈 > 경제 > IT·과학", "본문 바로가기 메뉴 바로가기", "기사 공유하기 페이스북 트위터 카카오톡 URL복사", "가 가 글자크기 설정", "이전기사 다음기사 목록",
       "많이 본 뉴스 1 2 3 4 5", "댓글 0 좋아요 12 화나요 3"]
ERRORS = ["이 페이지를 보려면 JavaScript를 활성화하세요.", "404 Not Found 요청하신 페이지를 찾을 수 없습니다.", "Warning: mysql_connect(): Too many connections in /home/news/db.php on line 14"]
EMOJI = ["🔥", "🚀", "😀", "👍🏽", "🇫🇷", "✨", "❤️"]

def dress(title, d, body):
    paper, reporter = one(PAPERS), one(REPORTERS)
    body = body + [t % tuple(R.randrange(10, 90) if i == 0 else R.randrange(1, 9) for i in range(t.replace("%%", "").count("%d"))) if "%d" in t else t.replace("%%", "%")
                   for t in R.sample(EXTRA, R.randrange(1, 5))]
    lines = []
    if R.random() < .35: lines.append(one(NAV))
    head = [title]
    lines = head + lines
    lines.append(one(["입력 %d.%02d.%02d 09:%02d" % (d + (R.randrange(60),)), "%d년 %d월 %d일" % d, "%d-%02d-%02d 14:%02d:00" % (d + (R.randrange(60),)), "기사입력 %d/%02d/%02d" % d]))
    by = one(["(%s=%s) %s 기자 = " % (one(["파리", "서울", "브뤼셀", "런던"]), paper, reporter), "[%s %s 기자] " % (paper, reporter), ""])
    body[0] = by + body[0]
    for i, s in enumerate(body):
        lines += [s, ""] if R.random() < .6 else [s]
        if R.random() < .05: lines.append(one(EMOJI) + " " + one(["관련 영상 보기", "지금 뜨는 소식", "구독자 30만 돌파"]))
    if R.random() < .12: lines.insert(R.randrange(3, len(lines)), one(SPAM))
    if R.random() < .06: lines.insert(R.randrange(2, len(lines)), one(ERRORS))
    if R.random() < .3: lines.append(one(NAV))
    lines.append(one(["%s 기자 %s@example.com" % (reporter, "reporter%d" % R.randrange(100)), "기자 구독 | %s" % reporter, "<저작권자 %s, 무단 전재 및 재배포 금지>" % paper]))
    lines.append("ⓒ %s 무단전재 및 재배포 금지" % paper)
    return "\n".join(lines) + "\n"

AGENCY = [
    "미스트랄AI(Mistral AI)가 3억8500만유로 규모의 투자를 유치했다고 10일 밝혔다. 시리즈A 투자로는 유럽에서 손꼽히는 규모다.",
    "투자에는 앤드리슨 호로위츠와 라이트스피드가 참여했다. 기업가치는 20억유로로 평가됐다.",
    "2023년 4월 구글 딥마인드와 메타 출신 세 명이 세운 이 회사는 직원 22명으로 시작했다.",
    "아르튀르 멘슈 최고경영자는 \"유럽에서 시작해 세계로 나아가겠다\"고 말했다.",
    "미스트랄은 이날 새 모델의 가중치를 내려받기 주소 하나만 올려 공개해 화제가 됐다.",
    "프랑스 정부는 미스트랄을 佛 인공지능의 자존심으로 내세우고 있다.",
]

def agency(i):
    """The same agency story as five sites print it."""
    titles = ["프랑스 AI 스타트업 미스트랄, 3억8500만유로 투자 유치", "佛 미스트랄AI, 3억 8,500만 유로 투자 유치", "미스트랄 AI 3.85억유로 투자 유치… 기업가치 20억유로",
              "[속보] 프랑스 미스트랄 투자 유치", "구글·메타 출신이 세운 미스트랄, 투자 3억8500만유로"]
    text = [AGENCY[k] for k in range(len(AGENCY)) if k < 4 or (k + i) % 2]
    if i == 3: text[0] = text[0].replace("밝혔다.", "전했다.")
    return dress(titles[i], (2025, 2, 10), text)

def main():
    os.makedirs(OUT, exist_ok=True)
    for name in os.listdir(OUT): os.unlink(os.path.join(OUT, name))
    n = 0
    def put(data, kind=""):
        nonlocal n
        with open(os.path.join(OUT, "%04d%s.txt" % (n, kind)), "wb") as f: f.write(data)
        n += 1
    for i in range(5): put(agency(i).encode())
    seen = set()
    while n < 168:
        title, d, body = one(KINDS)(one(COMPANIES))
        if title in seen and R.random() < .7: continue
        seen.add(title)
        text = dress(title, d, body)
        if not 300 <= len(text) <= 3000: continue
        if n == 20: put(unicodedata.normalize("NFD", text).encode())
        elif n == 40 or n == 41:
            put(text.encode("cp949", "ignore"))
        elif n == 60: put(b"\xff\xfe" + text.encode("utf-16-le"))
        elif n == 80:
            data = text.encode()
            put(data[:200] + b"\xed\x95" + data[200:400] + b"\xff\xc0" + data[400:])
        elif n == 100: put(b"")
        else: put(text.encode())

if __name__ == "__main__":
    sys.exit(main())
