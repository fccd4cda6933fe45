"""What random rulesets declare, as YAML: units, facts, parameters, readings, a source, bodies and places.

In: nothing. Out: texts of files. Called by `random_rulesets`.
"""

RULESET = """\
kind: ruleset
id: random
title: {zh: 随机, en: Random}
covers: 2019-01-01..2020-12-31
members: 0..6
identifiers: {household: 户编号, member: 人编号}
units:
  - name: yuan
    label: 元
    money: CNY
    decimals: 2
    multiples:
      - {name: wan_yuan, label: 万元, power: 4}
      - {name: jiao, label: 角, power: -1}
      - {name: fen, label: 分, power: -2}
  - {name: mu, label: 亩, decimals: 1}
"""

FACTS = """\
kind: facts
code_lists:
  - name: grade
    codes:
      - {code: "1", name: one, label: 一级}
      - {code: "2", name: two, label: 二级}
      - {code: "3", name: three, label: 三级}
      - {code: "9", name: none_given, label: 无级}
  - name: health
    codes:
      - {code: "1", name: well, label: 健康}
      - {code: "2", name: ill, label: 大病}
  - {name: town, places: town}
facts:
  - {name: income, label: 收入, for: household, type: number, unit: 元, decimals: 2, range: -1000..100000}
  - {name: land, label: 耕地, for: household, type: number, unit: 亩, decimals: 1, range: 0..500}
  - {name: poor, label: 贫困户, for: household, type: truth}
  - {name: class_of, label: 户类别, for: household, type: code, codes: grade}
  - {name: entered, label: 识别日期, for: household, type: date, range: 2010-01-01..2025-12-31}
  - {name: always_given, label: 必填数, for: household, type: number, range: -5..5, required: true}
  - {name: key_village, label: 重点村, for: village, type: truth}
  - {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
  - {name: wage, label: 工资, for: member, type: number, unit: 元, decimals: 2, range: 0..20000}
  - {name: months, label: 务工月数, for: member, type: number, unit: 月, range: 0..12}
  - {name: grade_of, label: 残疾等级, for: member, type: code, codes: grade}
  - {name: able, label: 有劳力, for: member, type: truth}
  - {name: health, label: 健康状况, for: member, type: codes, codes: health}
  - {name: left, label: 迁出日期, for: member, type: date, range: 2012-01-01.., past: true, none: 无}
  - {name: pension, label: 养老金, for: member, type: number, unit: 元, range: 0..9000, each: month, back: 16}
  - {name: aided, label: 享受救助, for: household, type: truth, each: month, back: 8}
  - {name: harvest, label: 年收成, for: household, type: number, unit: 元, range: -500..90000, each: year, back: 4}
  - {name: review, label: 复核日期, for: household, type: date, range: 2015-01-01..2024-12-31, none: 无}
  - {name: had_first, label: 上期甲, for: household, type: truth, previous: p.n0}
  - {name: first_began, label: 上期甲起始日, for: household, type: date, none: 无, previous: 政策0}
"""

_ASSUMED = (
    "land=0 poor=否 class_of=无级 key_village=false months=0 able=是 health=[] left=无 had_first=否 first_began=无"
)
ABSENT = dict(pair.split("=") for pair in _ASSUMED.split())
"""What may be assumed of facts that are not given."""

PARAMETERS = """\
kind: parameters
parameters:
  - {name: trial_run, label: 试点, type: truth, values: [
      {valid: ..2019-10-31, value: 否, status: enacted, source: s 1.1},
      {valid: 2020-01-01.., value: 是, status: enacted, source: s 1.1}]}
  - {name: class, label: 类别, type: code, codes: grade, values: [
      {valid: ..2019-10-31, value: 一级, status: enacted, source: s 1.1},
      {valid: 2019-11-01..2019-12-31, value: unknown},
      {valid: 2020-01-01.., value: two, status: enacted, source: s 1.1}]}
  - name: rate
    label: 比例
    unit: "%"
    decimals: 1
    range: 0..100
    values:
      - {valid: 2019-03-01..2020-06-30, value: 12.5, status: example, source: s}
  - name: standard
    label: 标准
    unit: 元
    range: 0..1000
    values:
      - {valid: ..2019-12-31, value: 80.55, status: enacted, source: s 1.1}
      - {valid: 2020-01-01.., value: 100, status: reported, source: s}
  - name: third
    label: 三分之一
    unit: 元
    values:
      - {valid: ..2020-03-31, value: 参数.标准 ÷ 3 进位到 分, status: enacted, source: s 1.2}
      - {valid: 2020-04-01.., value: '较大(参数.标准, 70元) × 参数.比例 舍去到 角', status: reported, source: s}
  - {name: share, label: 份额, unit: 元, range: 0..500, by: [户类别, 贫困户, 必填数], values: [
      {valid: ..2020-02-29, rows: [[一级, 是, 任意, 10], [[二级, 三级], 任意, 1.., 20.5], [任意, 否, ..0,
          参数.标准 ÷ 3 进位到 分]], otherwise: 77, status: example, source: s},
      {valid: 2020-03-01.., rows: [[任意, 是, -2..3, 15]], otherwise: unknown, status: example, source: s}]}
  - {name: line, label: 线, unit: 元, by: 户类别, range: 0..9000, values: [
      {valid: .., value: {一级: 100.01, 二级: 200, 三级: 300}, status: example, source: s}]}
  - name: rates
    label: 税率表
    type: scale
    range: 0%..30%
    values:
      - valid: ..2019-06-30
        rows: [[0元..600元, 3%], [600元..参数.止线, unknown], [参数.止线.., 12.5%]]
        status: example
        source: s
      - {valid: 2019-10-01.., rows: [[0元..5000元, 0%], [5000元.., 参数.比例]], status: enacted, source: s 1.1}
  - {name: end, label: 止线, unit: 元, values: [{valid: .., value: 900, status: reported, source: s}]}
  - name: steps
    label: 档次表
    type: scale
    unit: 元
    values:
      - {valid: ..2020-03-31, rows: [[..<0元, 5], [0元..<500元, 参数.标准], [500元.., 9.5]], status: example, source: s}
      - {valid: 2020-04-01.., rows: [[..0.01元, 0], [0.02元.., 80]], status: enacted, source: s 1.1}
"""

SOURCES = """\
kind: sources
sources:
  - {id: s, number: S, title: {zh: 来源, en: Source}, issued: 2018-01-01}
"""

BODIES = """\
kind: departments
departments:
  - {id: d, names: [{valid: .., zh: 某局, en: Some bureau}]}
  - {id: e, names: [{valid: ..2019-06-30, zh: 旧局, en: Old bureau}, {valid: 2019-07-01.., zh: 新局, en: New bureau}]}
  - {id: f, place: 居住地, names: [{valid: .., zh: 各镇, en: Own town}]}
"""

PLACES = """\
kind: places
places:
  - {name: east, label: 东河镇, kind: town, office: {zh: 东河镇政府, en: Donghe town}}
  - {name: west, label: 西山镇, kind: town}
"""

PLACE_TERM = """\
kind: terms
terms:
  - {name: home, label: 居住地, for: household, codes: town, value: 若 重点村 或 户类别 = 一级 则 东河镇 否则 西山镇}
"""

READINGS = """\
kind: readings
readings:
  - id: scope
    label: 范围
    clause: s 1.1
    options:
      - {name: narrow, label: 窄, why: {zh: 按字面, en: By the letter}}
      - {name: wide, label: 宽, why: {zh: 按目的, en: By the purpose}}
      - {name: middle, label: 中, why: {zh: 按惯例, en: By custom}}
    taken: 宽
  - id: since
    label: 起算
    clause: s 1.2
    options:
      - {name: applied, label: 申请, why: {zh: 按字面, en: By the letter}}
      - {name: entered, label: 识别, why: {zh: 按惯例, en: By custom}}
    taken: applied
"""
