"""The functions that generated code calls: calendar days, and quotients by a divisor that varies.

In: nothing. Out: WAT text. Called by `module`.
Years, months and days follow the proleptic Gregorian calendar from 0001-01-01; arithmetic as by Howard Hinnant.
"""

from __future__ import annotations

RUNTIME = """
(func $packed_years (param $day i64) (result i64)
  ;; year << 9 | month << 5 | day of month
  (local $z i32) (local $era i32) (local $doe i32) (local $yoe i32) (local $doy i32) (local $mp i32) (local $month i32)
  (local.set $z (i32.add (i32.wrap_i64 (local.get $day)) (i32.const 719468)))
  (local.set $era (i32.div_u (local.get $z) (i32.const 146097)))
  (local.set $doe (i32.sub (local.get $z) (i32.mul (local.get $era) (i32.const 146097))))
  (local.set $yoe (i32.div_u
    (i32.sub
      (i32.add
        (i32.sub (local.get $doe) (i32.div_u (local.get $doe) (i32.const 1460)))
        (i32.div_u (local.get $doe) (i32.const 36524)))
      (i32.div_u (local.get $doe) (i32.const 146096)))
    (i32.const 365)))
  (local.set $doy (i32.sub (local.get $doe)
    (i32.sub
      (i32.add (i32.mul (local.get $yoe) (i32.const 365)) (i32.shr_u (local.get $yoe) (i32.const 2)))
      (i32.div_u (local.get $yoe) (i32.const 100)))))
  (local.set $mp (i32.div_u
    (i32.add (i32.mul (local.get $doy) (i32.const 5)) (i32.const 2)) (i32.const 153)))
  (local.set $month (select
    (i32.add (local.get $mp) (i32.const 3))
    (i32.sub (local.get $mp) (i32.const 9))
    (i32.lt_u (local.get $mp) (i32.const 10))))
  (i64.extend_i32_s (i32.or
    (i32.shl
      (i32.add
        (i32.add (local.get $yoe) (i32.mul (local.get $era) (i32.const 400)))
        (i32.le_u (local.get $month) (i32.const 2)))
      (i32.const 9))
    (i32.or
      (i32.shl (local.get $month) (i32.const 5))
      (i32.add (i32.const 1) (i32.sub (local.get $doy)
        (i32.div_u (i32.add (i32.mul (local.get $mp) (i32.const 153)) (i32.const 2)) (i32.const 5))))))))

(func $packed_months (param $day i64) (result i64)
  ;; (year * 12 + month - 1) << 5 | day of month
  (local $p i64)
  (local.set $p (call $packed_years (local.get $day)))
  (i64.or
    (i64.shl
      (i64.add
        (i64.mul (i64.shr_s (local.get $p) (i64.const 9)) (i64.const 12))
        (i64.sub (i64.and (i64.shr_s (local.get $p) (i64.const 5)) (i64.const 15)) (i64.const 1)))
      (i64.const 5))
    (i64.and (local.get $p) (i64.const 31))))

(func $month_length (param $year i32) (param $month i32) (result i32)
  (select
    (i32.add (i32.const 28) (i32.and
      (i32.eqz (i32.and (local.get $year) (i32.const 3)))
      (i32.or
        (i32.ne (i32.rem_u (local.get $year) (i32.const 100)) (i32.const 0))
        (i32.eqz (i32.rem_u (local.get $year) (i32.const 400))))))
    (i32.add (i32.const 30) (i32.and
      (i32.add (local.get $month) (i32.shr_u (local.get $month) (i32.const 3))) (i32.const 1)))
    (i32.eq (local.get $month) (i32.const 2))))

(func $day_of (param $year i32) (param $month i32) (param $day i32) (result i64)
  (local $y i32) (local $era i32) (local $yoe i32)
  (local.set $y (i32.sub (local.get $year) (i32.le_u (local.get $month) (i32.const 2))))
  (local.set $era (i32.div_u (local.get $y) (i32.const 400)))
  (local.set $yoe (i32.sub (local.get $y) (i32.mul (local.get $era) (i32.const 400))))
  (i64.extend_i32_s (i32.sub
    (i32.add
      (i32.add
        (i32.mul (local.get $era) (i32.const 146097))
        (i32.sub
          (i32.add (i32.mul (local.get $yoe) (i32.const 365)) (i32.shr_u (local.get $yoe) (i32.const 2)))
          (i32.div_u (local.get $yoe) (i32.const 100))))
      (i32.add
        (i32.div_u
          (i32.add (i32.const 2) (i32.mul (i32.const 153) (select
            (i32.sub (local.get $month) (i32.const 3))
            (i32.add (local.get $month) (i32.const 9))
            (i32.gt_u (local.get $month) (i32.const 2)))))
          (i32.const 5))
        (i32.sub (local.get $day) (i32.const 1))))
    (i32.const 719468))))

(func $shift_months (param $day i64) (param $by i64) (result i64)
  (local $p i64) (local $months i32) (local $year i32) (local $month i32) (local $dom i32) (local $last i32)
  (local.set $p (call $packed_months (local.get $day)))
  (local.set $months (i32.wrap_i64 (i64.add (i64.shr_s (local.get $p) (i64.const 5)) (local.get $by))))
  (local.set $year (i32.div_u (local.get $months) (i32.const 12)))
  (local.set $month (i32.add (i32.const 1) (i32.rem_u (local.get $months) (i32.const 12))))
  (local.set $dom (i32.and (i32.wrap_i64 (local.get $p)) (i32.const 31)))
  (local.set $last (call $month_length (local.get $year) (local.get $month)))
  (call $day_of (local.get $year) (local.get $month)
    (select (local.get $dom) (local.get $last) (i32.lt_u (local.get $dom) (local.get $last)))))

(func $magnitude (param $x i64) (result i64)
  (select (i64.sub (i64.const 0) (local.get $x)) (local.get $x) (i64.lt_s (local.get $x) (i64.const 0))))

(func $away (param $x i64) (param $y i64) (result i64)
  ;; one, with the sign of the quotient
  (select (i64.const -1) (i64.const 1) (i64.lt_s (i64.xor (local.get $x) (local.get $y)) (i64.const 0))))

(func $quotient_half_up (param $x i64) (param $y i64) (result i64)
  (local $rest i64)
  (local.set $rest (call $magnitude (i64.rem_s (local.get $x) (local.get $y))))
  (i64.add
    (i64.div_s (local.get $x) (local.get $y))
    (select (call $away (local.get $x) (local.get $y)) (i64.const 0)
      (i64.ge_u (local.get $rest) (i64.sub (call $magnitude (local.get $y)) (local.get $rest))))))

(func $quotient_up (param $x i64) (param $y i64) (result i64)
  (i64.add
    (i64.div_s (local.get $x) (local.get $y))
    (select (call $away (local.get $x) (local.get $y)) (i64.const 0)
      (i64.ne (i64.rem_s (local.get $x) (local.get $y)) (i64.const 0)))))
"""
