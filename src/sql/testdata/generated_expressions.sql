-- Made by generate.py.
select a or b or c, (a or b) or c, a or (b or c)
select a or b || c, (a or b) || c, a or (b || c)
select a or b xor c, (a or b) xor c, a or (b xor c)
select a or b and c, (a or b) and c, a or (b and c)
select a or b && c, (a or b) && c, a or (b && c)
select a or b = c, (a or b) = c, a or (b = c)
select a or b <=> c, (a or b) <=> c, a or (b <=> c)
select a or b <> c, (a or b) <> c, a or (b <> c)
select a or b != c, (a or b) != c, a or (b != c)
select a or b < c, (a or b) < c, a or (b < c)
select a or b <= c, (a or b) <= c, a or (b <= c)
select a or b > c, (a or b) > c, a or (b > c)
select a or b >= c, (a or b) >= c, a or (b >= c)
select a or b like c, (a or b) like c, a or (b like c)
select a or b not like c, (a or b) not like c, a or (b not like c)
select a or b regexp c, (a or b) regexp c, a or (b regexp c)
select a or b not regexp c, (a or b) not regexp c, a or (b not regexp c)
select a or b rlike c, (a or b) rlike c, a or (b rlike c)
select a or b | c, (a or b) | c, a or (b | c)
select a or b & c, (a or b) & c, a or (b & c)
select a or b << c, (a or b) << c, a or (b << c)
select a or b >> c, (a or b) >> c, a or (b >> c)
select a or b + c, (a or b) + c, a or (b + c)
select a or b - c, (a or b) - c, a or (b - c)
select a or b * c, (a or b) * c, a or (b * c)
select a or b / c, (a or b) / c, a or (b / c)
select a or b div c, (a or b) div c, a or (b div c)
select a or b % c, (a or b) % c, a or (b % c)
select a or b mod c, (a or b) mod c, a or (b mod c)
select a or b ^ c, (a or b) ^ c, a or (b ^ c)
select a || b or c, (a || b) or c, a || (b or c)
select a || b || c, (a || b) || c, a || (b || c)
select a || b xor c, (a || b) xor c, a || (b xor c)
select a || b and c, (a || b) and c, a || (b and c)
select a || b && c, (a || b) && c, a || (b && c)
select a || b = c, (a || b) = c, a || (b = c)
select a || b <=> c, (a || b) <=> c, a || (b <=> c)
select a || b <> c, (a || b) <> c, a || (b <> c)
select a || b != c, (a || b) != c, a || (b != c)
select a || b < c, (a || b) < c, a || (b < c)
select a || b <= c, (a || b) <= c, a || (b <= c)
select a || b > c, (a || b) > c, a || (b > c)
select a || b >= c, (a || b) >= c, a || (b >= c)
select a || b like c, (a || b) like c, a || (b like c)
select a || b not like c, (a || b) not like c, a || (b not like c)
select a || b regexp c, (a || b) regexp c, a || (b regexp c)
select a || b not regexp c, (a || b) not regexp c, a || (b not regexp c)
select a || b rlike c, (a || b) rlike c, a || (b rlike c)
select a || b | c, (a || b) | c, a || (b | c)
select a || b & c, (a || b) & c, a || (b & c)
select a || b << c, (a || b) << c, a || (b << c)
select a || b >> c, (a || b) >> c, a || (b >> c)
select a || b + c, (a || b) + c, a || (b + c)
select a || b - c, (a || b) - c, a || (b - c)
select a || b * c, (a || b) * c, a || (b * c)
select a || b / c, (a || b) / c, a || (b / c)
select a || b div c, (a || b) div c, a || (b div c)
select a || b % c, (a || b) % c, a || (b % c)
select a || b mod c, (a || b) mod c, a || (b mod c)
select a || b ^ c, (a || b) ^ c, a || (b ^ c)
select a xor b or c, (a xor b) or c, a xor (b or c)
select a xor b || c, (a xor b) || c, a xor (b || c)
select a xor b xor c, (a xor b) xor c, a xor (b xor c)
select a xor b and c, (a xor b) and c, a xor (b and c)
select a xor b && c, (a xor b) && c, a xor (b && c)
select a xor b = c, (a xor b) = c, a xor (b = c)
select a xor b <=> c, (a xor b) <=> c, a xor (b <=> c)
select a xor b <> c, (a xor b) <> c, a xor (b <> c)
select a xor b != c, (a xor b) != c, a xor (b != c)
select a xor b < c, (a xor b) < c, a xor (b < c)
select a xor b <= c, (a xor b) <= c, a xor (b <= c)
select a xor b > c, (a xor b) > c, a xor (b > c)
select a xor b >= c, (a xor b) >= c, a xor (b >= c)
select a xor b like c, (a xor b) like c, a xor (b like c)
select a xor b not like c, (a xor b) not like c, a xor (b not like c)
select a xor b regexp c, (a xor b) regexp c, a xor (b regexp c)
select a xor b not regexp c, (a xor b) not regexp c, a xor (b not regexp c)
select a xor b rlike c, (a xor b) rlike c, a xor (b rlike c)
select a xor b | c, (a xor b) | c, a xor (b | c)
select a xor b & c, (a xor b) & c, a xor (b & c)
select a xor b << c, (a xor b) << c, a xor (b << c)
select a xor b >> c, (a xor b) >> c, a xor (b >> c)
select a xor b + c, (a xor b) + c, a xor (b + c)
select a xor b - c, (a xor b) - c, a xor (b - c)
select a xor b * c, (a xor b) * c, a xor (b * c)
select a xor b / c, (a xor b) / c, a xor (b / c)
select a xor b div c, (a xor b) div c, a xor (b div c)
select a xor b % c, (a xor b) % c, a xor (b % c)
select a xor b mod c, (a xor b) mod c, a xor (b mod c)
select a xor b ^ c, (a xor b) ^ c, a xor (b ^ c)
select a and b or c, (a and b) or c, a and (b or c)
select a and b || c, (a and b) || c, a and (b || c)
select a and b xor c, (a and b) xor c, a and (b xor c)
select a and b and c, (a and b) and c, a and (b and c)
select a and b && c, (a and b) && c, a and (b && c)
select a and b = c, (a and b) = c, a and (b = c)
select a and b <=> c, (a and b) <=> c, a and (b <=> c)
select a and b <> c, (a and b) <> c, a and (b <> c)
select a and b != c, (a and b) != c, a and (b != c)
select a and b < c, (a and b) < c, a and (b < c)
select a and b <= c, (a and b) <= c, a and (b <= c)
select a and b > c, (a and b) > c, a and (b > c)
select a and b >= c, (a and b) >= c, a and (b >= c)
select a and b like c, (a and b) like c, a and (b like c)
select a and b not like c, (a and b) not like c, a and (b not like c)
select a and b regexp c, (a and b) regexp c, a and (b regexp c)
select a and b not regexp c, (a and b) not regexp c, a and (b not regexp c)
select a and b rlike c, (a and b) rlike c, a and (b rlike c)
select a and b | c, (a and b) | c, a and (b | c)
select a and b & c, (a and b) & c, a and (b & c)
select a and b << c, (a and b) << c, a and (b << c)
select a and b >> c, (a and b) >> c, a and (b >> c)
select a and b + c, (a and b) + c, a and (b + c)
select a and b - c, (a and b) - c, a and (b - c)
select a and b * c, (a and b) * c, a and (b * c)
select a and b / c, (a and b) / c, a and (b / c)
select a and b div c, (a and b) div c, a and (b div c)
select a and b % c, (a and b) % c, a and (b % c)
select a and b mod c, (a and b) mod c, a and (b mod c)
select a and b ^ c, (a and b) ^ c, a and (b ^ c)
select a && b or c, (a && b) or c, a && (b or c)
select a && b || c, (a && b) || c, a && (b || c)
select a && b xor c, (a && b) xor c, a && (b xor c)
select a && b and c, (a && b) and c, a && (b and c)
select a && b && c, (a && b) && c, a && (b && c)
select a && b = c, (a && b) = c, a && (b = c)
select a && b <=> c, (a && b) <=> c, a && (b <=> c)
select a && b <> c, (a && b) <> c, a && (b <> c)
select a && b != c, (a && b) != c, a && (b != c)
select a && b < c, (a && b) < c, a && (b < c)
select a && b <= c, (a && b) <= c, a && (b <= c)
select a && b > c, (a && b) > c, a && (b > c)
select a && b >= c, (a && b) >= c, a && (b >= c)
select a && b like c, (a && b) like c, a && (b like c)
select a && b not like c, (a && b) not like c, a && (b not like c)
select a && b regexp c, (a && b) regexp c, a && (b regexp c)
select a && b not regexp c, (a && b) not regexp c, a && (b not regexp c)
select a && b rlike c, (a && b) rlike c, a && (b rlike c)
select a && b | c, (a && b) | c, a && (b | c)
select a && b & c, (a && b) & c, a && (b & c)
select a && b << c, (a && b) << c, a && (b << c)
select a && b >> c, (a && b) >> c, a && (b >> c)
select a && b + c, (a && b) + c, a && (b + c)
select a && b - c, (a && b) - c, a && (b - c)
select a && b * c, (a && b) * c, a && (b * c)
select a && b / c, (a && b) / c, a && (b / c)
select a && b div c, (a && b) div c, a && (b div c)
select a && b % c, (a && b) % c, a && (b % c)
select a && b mod c, (a && b) mod c, a && (b mod c)
select a && b ^ c, (a && b) ^ c, a && (b ^ c)
select a = b or c, (a = b) or c, a = (b or c)
select a = b || c, (a = b) || c, a = (b || c)
select a = b xor c, (a = b) xor c, a = (b xor c)
select a = b and c, (a = b) and c, a = (b and c)
select a = b && c, (a = b) && c, a = (b && c)
select a = b = c, (a = b) = c, a = (b = c)
select a = b <=> c, (a = b) <=> c, a = (b <=> c)
select a = b <> c, (a = b) <> c, a = (b <> c)
select a = b != c, (a = b) != c, a = (b != c)
select a = b < c, (a = b) < c, a = (b < c)
select a = b <= c, (a = b) <= c, a = (b <= c)
select a = b > c, (a = b) > c, a = (b > c)
select a = b >= c, (a = b) >= c, a = (b >= c)
select a = b like c, (a = b) like c, a = (b like c)
select a = b not like c, (a = b) not like c, a = (b not like c)
select a = b regexp c, (a = b) regexp c, a = (b regexp c)
select a = b not regexp c, (a = b) not regexp c, a = (b not regexp c)
select a = b rlike c, (a = b) rlike c, a = (b rlike c)
select a = b | c, (a = b) | c, a = (b | c)
select a = b & c, (a = b) & c, a = (b & c)
select a = b << c, (a = b) << c, a = (b << c)
select a = b >> c, (a = b) >> c, a = (b >> c)
select a = b + c, (a = b) + c, a = (b + c)
select a = b - c, (a = b) - c, a = (b - c)
select a = b * c, (a = b) * c, a = (b * c)
select a = b / c, (a = b) / c, a = (b / c)
select a = b div c, (a = b) div c, a = (b div c)
select a = b % c, (a = b) % c, a = (b % c)
select a = b mod c, (a = b) mod c, a = (b mod c)
select a = b ^ c, (a = b) ^ c, a = (b ^ c)
select a <=> b or c, (a <=> b) or c, a <=> (b or c)
select a <=> b || c, (a <=> b) || c, a <=> (b || c)
select a <=> b xor c, (a <=> b) xor c, a <=> (b xor c)
select a <=> b and c, (a <=> b) and c, a <=> (b and c)
select a <=> b && c, (a <=> b) && c, a <=> (b && c)
select a <=> b = c, (a <=> b) = c, a <=> (b = c)
select a <=> b <=> c, (a <=> b) <=> c, a <=> (b <=> c)
select a <=> b <> c, (a <=> b) <> c, a <=> (b <> c)
select a <=> b != c, (a <=> b) != c, a <=> (b != c)
select a <=> b < c, (a <=> b) < c, a <=> (b < c)
select a <=> b <= c, (a <=> b) <= c, a <=> (b <= c)
select a <=> b > c, (a <=> b) > c, a <=> (b > c)
select a <=> b >= c, (a <=> b) >= c, a <=> (b >= c)
select a <=> b like c, (a <=> b) like c, a <=> (b like c)
select a <=> b not like c, (a <=> b) not like c, a <=> (b not like c)
select a <=> b regexp c, (a <=> b) regexp c, a <=> (b regexp c)
select a <=> b not regexp c, (a <=> b) not regexp c, a <=> (b not regexp c)
select a <=> b rlike c, (a <=> b) rlike c, a <=> (b rlike c)
select a <=> b | c, (a <=> b) | c, a <=> (b | c)
select a <=> b & c, (a <=> b) & c, a <=> (b & c)
select a <=> b << c, (a <=> b) << c, a <=> (b << c)
select a <=> b >> c, (a <=> b) >> c, a <=> (b >> c)
select a <=> b + c, (a <=> b) + c, a <=> (b + c)
select a <=> b - c, (a <=> b) - c, a <=> (b - c)
select a <=> b * c, (a <=> b) * c, a <=> (b * c)
select a <=> b / c, (a <=> b) / c, a <=> (b / c)
select a <=> b div c, (a <=> b) div c, a <=> (b div c)
select a <=> b % c, (a <=> b) % c, a <=> (b % c)
select a <=> b mod c, (a <=> b) mod c, a <=> (b mod c)
select a <=> b ^ c, (a <=> b) ^ c, a <=> (b ^ c)
select a <> b or c, (a <> b) or c, a <> (b or c)
select a <> b || c, (a <> b) || c, a <> (b || c)
select a <> b xor c, (a <> b) xor c, a <> (b xor c)
select a <> b and c, (a <> b) and c, a <> (b and c)
select a <> b && c, (a <> b) && c, a <> (b && c)
select a <> b = c, (a <> b) = c, a <> (b = c)
select a <> b <=> c, (a <> b) <=> c, a <> (b <=> c)
select a <> b <> c, (a <> b) <> c, a <> (b <> c)
select a <> b != c, (a <> b) != c, a <> (b != c)
select a <> b < c, (a <> b) < c, a <> (b < c)
select a <> b <= c, (a <> b) <= c, a <> (b <= c)
select a <> b > c, (a <> b) > c, a <> (b > c)
select a <> b >= c, (a <> b) >= c, a <> (b >= c)
select a <> b like c, (a <> b) like c, a <> (b like c)
select a <> b not like c, (a <> b) not like c, a <> (b not like c)
select a <> b regexp c, (a <> b) regexp c, a <> (b regexp c)
select a <> b not regexp c, (a <> b) not regexp c, a <> (b not regexp c)
select a <> b rlike c, (a <> b) rlike c, a <> (b rlike c)
select a <> b | c, (a <> b) | c, a <> (b | c)
select a <> b & c, (a <> b) & c, a <> (b & c)
select a <> b << c, (a <> b) << c, a <> (b << c)
select a <> b >> c, (a <> b) >> c, a <> (b >> c)
select a <> b + c, (a <> b) + c, a <> (b + c)
select a <> b - c, (a <> b) - c, a <> (b - c)
select a <> b * c, (a <> b) * c, a <> (b * c)
select a <> b / c, (a <> b) / c, a <> (b / c)
select a <> b div c, (a <> b) div c, a <> (b div c)
select a <> b % c, (a <> b) % c, a <> (b % c)
select a <> b mod c, (a <> b) mod c, a <> (b mod c)
select a <> b ^ c, (a <> b) ^ c, a <> (b ^ c)
select a != b or c, (a != b) or c, a != (b or c)
select a != b || c, (a != b) || c, a != (b || c)
select a != b xor c, (a != b) xor c, a != (b xor c)
select a != b and c, (a != b) and c, a != (b and c)
select a != b && c, (a != b) && c, a != (b && c)
select a != b = c, (a != b) = c, a != (b = c)
select a != b <=> c, (a != b) <=> c, a != (b <=> c)
select a != b <> c, (a != b) <> c, a != (b <> c)
select a != b != c, (a != b) != c, a != (b != c)
select a != b < c, (a != b) < c, a != (b < c)
select a != b <= c, (a != b) <= c, a != (b <= c)
select a != b > c, (a != b) > c, a != (b > c)
select a != b >= c, (a != b) >= c, a != (b >= c)
select a != b like c, (a != b) like c, a != (b like c)
select a != b not like c, (a != b) not like c, a != (b not like c)
select a != b regexp c, (a != b) regexp c, a != (b regexp c)
select a != b not regexp c, (a != b) not regexp c, a != (b not regexp c)
select a != b rlike c, (a != b) rlike c, a != (b rlike c)
select a != b | c, (a != b) | c, a != (b | c)
select a != b & c, (a != b) & c, a != (b & c)
select a != b << c, (a != b) << c, a != (b << c)
select a != b >> c, (a != b) >> c, a != (b >> c)
select a != b + c, (a != b) + c, a != (b + c)
select a != b - c, (a != b) - c, a != (b - c)
select a != b * c, (a != b) * c, a != (b * c)
select a != b / c, (a != b) / c, a != (b / c)
select a != b div c, (a != b) div c, a != (b div c)
select a != b % c, (a != b) % c, a != (b % c)
select a != b mod c, (a != b) mod c, a != (b mod c)
select a != b ^ c, (a != b) ^ c, a != (b ^ c)
select a < b or c, (a < b) or c, a < (b or c)
select a < b || c, (a < b) || c, a < (b || c)
select a < b xor c, (a < b) xor c, a < (b xor c)
select a < b and c, (a < b) and c, a < (b and c)
select a < b && c, (a < b) && c, a < (b && c)
select a < b = c, (a < b) = c, a < (b = c)
select a < b <=> c, (a < b) <=> c, a < (b <=> c)
select a < b <> c, (a < b) <> c, a < (b <> c)
select a < b != c, (a < b) != c, a < (b != c)
select a < b < c, (a < b) < c, a < (b < c)
select a < b <= c, (a < b) <= c, a < (b <= c)
select a < b > c, (a < b) > c, a < (b > c)
select a < b >= c, (a < b) >= c, a < (b >= c)
select a < b like c, (a < b) like c, a < (b like c)
select a < b not like c, (a < b) not like c, a < (b not like c)
select a < b regexp c, (a < b) regexp c, a < (b regexp c)
select a < b not regexp c, (a < b) not regexp c, a < (b not regexp c)
select a < b rlike c, (a < b) rlike c, a < (b rlike c)
select a < b | c, (a < b) | c, a < (b | c)
select a < b & c, (a < b) & c, a < (b & c)
select a < b << c, (a < b) << c, a < (b << c)
select a < b >> c, (a < b) >> c, a < (b >> c)
select a < b + c, (a < b) + c, a < (b + c)
select a < b - c, (a < b) - c, a < (b - c)
select a < b * c, (a < b) * c, a < (b * c)
select a < b / c, (a < b) / c, a < (b / c)
select a < b div c, (a < b) div c, a < (b div c)
select a < b % c, (a < b) % c, a < (b % c)
select a < b mod c, (a < b) mod c, a < (b mod c)
select a < b ^ c, (a < b) ^ c, a < (b ^ c)
select a <= b or c, (a <= b) or c, a <= (b or c)
select a <= b || c, (a <= b) || c, a <= (b || c)
select a <= b xor c, (a <= b) xor c, a <= (b xor c)
select a <= b and c, (a <= b) and c, a <= (b and c)
select a <= b && c, (a <= b) && c, a <= (b && c)
select a <= b = c, (a <= b) = c, a <= (b = c)
select a <= b <=> c, (a <= b) <=> c, a <= (b <=> c)
select a <= b <> c, (a <= b) <> c, a <= (b <> c)
select a <= b != c, (a <= b) != c, a <= (b != c)
select a <= b < c, (a <= b) < c, a <= (b < c)
select a <= b <= c, (a <= b) <= c, a <= (b <= c)
select a <= b > c, (a <= b) > c, a <= (b > c)
select a <= b >= c, (a <= b) >= c, a <= (b >= c)
select a <= b like c, (a <= b) like c, a <= (b like c)
select a <= b not like c, (a <= b) not like c, a <= (b not like c)
select a <= b regexp c, (a <= b) regexp c, a <= (b regexp c)
select a <= b not regexp c, (a <= b) not regexp c, a <= (b not regexp c)
select a <= b rlike c, (a <= b) rlike c, a <= (b rlike c)
select a <= b | c, (a <= b) | c, a <= (b | c)
select a <= b & c, (a <= b) & c, a <= (b & c)
select a <= b << c, (a <= b) << c, a <= (b << c)
select a <= b >> c, (a <= b) >> c, a <= (b >> c)
select a <= b + c, (a <= b) + c, a <= (b + c)
select a <= b - c, (a <= b) - c, a <= (b - c)
select a <= b * c, (a <= b) * c, a <= (b * c)
select a <= b / c, (a <= b) / c, a <= (b / c)
select a <= b div c, (a <= b) div c, a <= (b div c)
select a <= b % c, (a <= b) % c, a <= (b % c)
select a <= b mod c, (a <= b) mod c, a <= (b mod c)
select a <= b ^ c, (a <= b) ^ c, a <= (b ^ c)
select a > b or c, (a > b) or c, a > (b or c)
select a > b || c, (a > b) || c, a > (b || c)
select a > b xor c, (a > b) xor c, a > (b xor c)
select a > b and c, (a > b) and c, a > (b and c)
select a > b && c, (a > b) && c, a > (b && c)
select a > b = c, (a > b) = c, a > (b = c)
select a > b <=> c, (a > b) <=> c, a > (b <=> c)
select a > b <> c, (a > b) <> c, a > (b <> c)
select a > b != c, (a > b) != c, a > (b != c)
select a > b < c, (a > b) < c, a > (b < c)
select a > b <= c, (a > b) <= c, a > (b <= c)
select a > b > c, (a > b) > c, a > (b > c)
select a > b >= c, (a > b) >= c, a > (b >= c)
select a > b like c, (a > b) like c, a > (b like c)
select a > b not like c, (a > b) not like c, a > (b not like c)
select a > b regexp c, (a > b) regexp c, a > (b regexp c)
select a > b not regexp c, (a > b) not regexp c, a > (b not regexp c)
select a > b rlike c, (a > b) rlike c, a > (b rlike c)
select a > b | c, (a > b) | c, a > (b | c)
select a > b & c, (a > b) & c, a > (b & c)
select a > b << c, (a > b) << c, a > (b << c)
select a > b >> c, (a > b) >> c, a > (b >> c)
select a > b + c, (a > b) + c, a > (b + c)
select a > b - c, (a > b) - c, a > (b - c)
select a > b * c, (a > b) * c, a > (b * c)
select a > b / c, (a > b) / c, a > (b / c)
select a > b div c, (a > b) div c, a > (b div c)
select a > b % c, (a > b) % c, a > (b % c)
select a > b mod c, (a > b) mod c, a > (b mod c)
select a > b ^ c, (a > b) ^ c, a > (b ^ c)
select a >= b or c, (a >= b) or c, a >= (b or c)
select a >= b || c, (a >= b) || c, a >= (b || c)
select a >= b xor c, (a >= b) xor c, a >= (b xor c)
select a >= b and c, (a >= b) and c, a >= (b and c)
select a >= b && c, (a >= b) && c, a >= (b && c)
select a >= b = c, (a >= b) = c, a >= (b = c)
select a >= b <=> c, (a >= b) <=> c, a >= (b <=> c)
select a >= b <> c, (a >= b) <> c, a >= (b <> c)
select a >= b != c, (a >= b) != c, a >= (b != c)
select a >= b < c, (a >= b) < c, a >= (b < c)
select a >= b <= c, (a >= b) <= c, a >= (b <= c)
select a >= b > c, (a >= b) > c, a >= (b > c)
select a >= b >= c, (a >= b) >= c, a >= (b >= c)
select a >= b like c, (a >= b) like c, a >= (b like c)
select a >= b not like c, (a >= b) not like c, a >= (b not like c)
select a >= b regexp c, (a >= b) regexp c, a >= (b regexp c)
select a >= b not regexp c, (a >= b) not regexp c, a >= (b not regexp c)
select a >= b rlike c, (a >= b) rlike c, a >= (b rlike c)
select a >= b | c, (a >= b) | c, a >= (b | c)
select a >= b & c, (a >= b) & c, a >= (b & c)
select a >= b << c, (a >= b) << c, a >= (b << c)
select a >= b >> c, (a >= b) >> c, a >= (b >> c)
select a >= b + c, (a >= b) + c, a >= (b + c)
select a >= b - c, (a >= b) - c, a >= (b - c)
select a >= b * c, (a >= b) * c, a >= (b * c)
select a >= b / c, (a >= b) / c, a >= (b / c)
select a >= b div c, (a >= b) div c, a >= (b div c)
select a >= b % c, (a >= b) % c, a >= (b % c)
select a >= b mod c, (a >= b) mod c, a >= (b mod c)
select a >= b ^ c, (a >= b) ^ c, a >= (b ^ c)
select a like b or c, (a like b) or c, a like (b or c)
select a like b || c, (a like b) || c, a like (b || c)
select a like b xor c, (a like b) xor c, a like (b xor c)
select a like b and c, (a like b) and c, a like (b and c)
select a like b && c, (a like b) && c, a like (b && c)
select a like b = c, (a like b) = c, a like (b = c)
select a like b <=> c, (a like b) <=> c, a like (b <=> c)
select a like b <> c, (a like b) <> c, a like (b <> c)
select a like b != c, (a like b) != c, a like (b != c)
select a like b < c, (a like b) < c, a like (b < c)
select a like b <= c, (a like b) <= c, a like (b <= c)
select a like b > c, (a like b) > c, a like (b > c)
select a like b >= c, (a like b) >= c, a like (b >= c)
select a like b like c, (a like b) like c, a like (b like c)
select a like b not like c, (a like b) not like c, a like (b not like c)
select a like b regexp c, (a like b) regexp c, a like (b regexp c)
select a like b not regexp c, (a like b) not regexp c, a like (b not regexp c)
select a like b rlike c, (a like b) rlike c, a like (b rlike c)
select a like b | c, (a like b) | c, a like (b | c)
select a like b & c, (a like b) & c, a like (b & c)
select a like b << c, (a like b) << c, a like (b << c)
select a like b >> c, (a like b) >> c, a like (b >> c)
select a like b + c, (a like b) + c, a like (b + c)
select a like b - c, (a like b) - c, a like (b - c)
select a like b * c, (a like b) * c, a like (b * c)
select a like b / c, (a like b) / c, a like (b / c)
select a like b div c, (a like b) div c, a like (b div c)
select a like b % c, (a like b) % c, a like (b % c)
select a like b mod c, (a like b) mod c, a like (b mod c)
select a like b ^ c, (a like b) ^ c, a like (b ^ c)
select a not like b or c, (a not like b) or c, a not like (b or c)
select a not like b || c, (a not like b) || c, a not like (b || c)
select a not like b xor c, (a not like b) xor c, a not like (b xor c)
select a not like b and c, (a not like b) and c, a not like (b and c)
select a not like b && c, (a not like b) && c, a not like (b && c)
select a not like b = c, (a not like b) = c, a not like (b = c)
select a not like b <=> c, (a not like b) <=> c, a not like (b <=> c)
select a not like b <> c, (a not like b) <> c, a not like (b <> c)
select a not like b != c, (a not like b) != c, a not like (b != c)
select a not like b < c, (a not like b) < c, a not like (b < c)
select a not like b <= c, (a not like b) <= c, a not like (b <= c)
select a not like b > c, (a not like b) > c, a not like (b > c)
select a not like b >= c, (a not like b) >= c, a not like (b >= c)
select a not like b like c, (a not like b) like c, a not like (b like c)
select a not like b not like c, (a not like b) not like c, a not like (b not like c)
select a not like b regexp c, (a not like b) regexp c, a not like (b regexp c)
select a not like b not regexp c, (a not like b) not regexp c, a not like (b not regexp c)
select a not like b rlike c, (a not like b) rlike c, a not like (b rlike c)
select a not like b | c, (a not like b) | c, a not like (b | c)
select a not like b & c, (a not like b) & c, a not like (b & c)
select a not like b << c, (a not like b) << c, a not like (b << c)
select a not like b >> c, (a not like b) >> c, a not like (b >> c)
select a not like b + c, (a not like b) + c, a not like (b + c)
select a not like b - c, (a not like b) - c, a not like (b - c)
select a not like b * c, (a not like b) * c, a not like (b * c)
select a not like b / c, (a not like b) / c, a not like (b / c)
select a not like b div c, (a not like b) div c, a not like (b div c)
select a not like b % c, (a not like b) % c, a not like (b % c)
select a not like b mod c, (a not like b) mod c, a not like (b mod c)
select a not like b ^ c, (a not like b) ^ c, a not like (b ^ c)
select a regexp b or c, (a regexp b) or c, a regexp (b or c)
select a regexp b || c, (a regexp b) || c, a regexp (b || c)
select a regexp b xor c, (a regexp b) xor c, a regexp (b xor c)
select a regexp b and c, (a regexp b) and c, a regexp (b and c)
select a regexp b && c, (a regexp b) && c, a regexp (b && c)
select a regexp b = c, (a regexp b) = c, a regexp (b = c)
select a regexp b <=> c, (a regexp b) <=> c, a regexp (b <=> c)
select a regexp b <> c, (a regexp b) <> c, a regexp (b <> c)
select a regexp b != c, (a regexp b) != c, a regexp (b != c)
select a regexp b < c, (a regexp b) < c, a regexp (b < c)
select a regexp b <= c, (a regexp b) <= c, a regexp (b <= c)
select a regexp b > c, (a regexp b) > c, a regexp (b > c)
select a regexp b >= c, (a regexp b) >= c, a regexp (b >= c)
select a regexp b like c, (a regexp b) like c, a regexp (b like c)
select a regexp b not like c, (a regexp b) not like c, a regexp (b not like c)
select a regexp b regexp c, (a regexp b) regexp c, a regexp (b regexp c)
select a regexp b not regexp c, (a regexp b) not regexp c, a regexp (b not regexp c)
select a regexp b rlike c, (a regexp b) rlike c, a regexp (b rlike c)
select a regexp b | c, (a regexp b) | c, a regexp (b | c)
select a regexp b & c, (a regexp b) & c, a regexp (b & c)
select a regexp b << c, (a regexp b) << c, a regexp (b << c)
select a regexp b >> c, (a regexp b) >> c, a regexp (b >> c)
select a regexp b + c, (a regexp b) + c, a regexp (b + c)
select a regexp b - c, (a regexp b) - c, a regexp (b - c)
select a regexp b * c, (a regexp b) * c, a regexp (b * c)
select a regexp b / c, (a regexp b) / c, a regexp (b / c)
select a regexp b div c, (a regexp b) div c, a regexp (b div c)
select a regexp b % c, (a regexp b) % c, a regexp (b % c)
select a regexp b mod c, (a regexp b) mod c, a regexp (b mod c)
select a regexp b ^ c, (a regexp b) ^ c, a regexp (b ^ c)
select a not regexp b or c, (a not regexp b) or c, a not regexp (b or c)
select a not regexp b || c, (a not regexp b) || c, a not regexp (b || c)
select a not regexp b xor c, (a not regexp b) xor c, a not regexp (b xor c)
select a not regexp b and c, (a not regexp b) and c, a not regexp (b and c)
select a not regexp b && c, (a not regexp b) && c, a not regexp (b && c)
select a not regexp b = c, (a not regexp b) = c, a not regexp (b = c)
select a not regexp b <=> c, (a not regexp b) <=> c, a not regexp (b <=> c)
select a not regexp b <> c, (a not regexp b) <> c, a not regexp (b <> c)
select a not regexp b != c, (a not regexp b) != c, a not regexp (b != c)
select a not regexp b < c, (a not regexp b) < c, a not regexp (b < c)
select a not regexp b <= c, (a not regexp b) <= c, a not regexp (b <= c)
select a not regexp b > c, (a not regexp b) > c, a not regexp (b > c)
select a not regexp b >= c, (a not regexp b) >= c, a not regexp (b >= c)
select a not regexp b like c, (a not regexp b) like c, a not regexp (b like c)
select a not regexp b not like c, (a not regexp b) not like c, a not regexp (b not like c)
select a not regexp b regexp c, (a not regexp b) regexp c, a not regexp (b regexp c)
select a not regexp b not regexp c, (a not regexp b) not regexp c, a not regexp (b not regexp c)
select a not regexp b rlike c, (a not regexp b) rlike c, a not regexp (b rlike c)
select a not regexp b | c, (a not regexp b) | c, a not regexp (b | c)
select a not regexp b & c, (a not regexp b) & c, a not regexp (b & c)
select a not regexp b << c, (a not regexp b) << c, a not regexp (b << c)
select a not regexp b >> c, (a not regexp b) >> c, a not regexp (b >> c)
select a not regexp b + c, (a not regexp b) + c, a not regexp (b + c)
select a not regexp b - c, (a not regexp b) - c, a not regexp (b - c)
select a not regexp b * c, (a not regexp b) * c, a not regexp (b * c)
select a not regexp b / c, (a not regexp b) / c, a not regexp (b / c)
select a not regexp b div c, (a not regexp b) div c, a not regexp (b div c)
select a not regexp b % c, (a not regexp b) % c, a not regexp (b % c)
select a not regexp b mod c, (a not regexp b) mod c, a not regexp (b mod c)
select a not regexp b ^ c, (a not regexp b) ^ c, a not regexp (b ^ c)
select a rlike b or c, (a rlike b) or c, a rlike (b or c)
select a rlike b || c, (a rlike b) || c, a rlike (b || c)
select a rlike b xor c, (a rlike b) xor c, a rlike (b xor c)
select a rlike b and c, (a rlike b) and c, a rlike (b and c)
select a rlike b && c, (a rlike b) && c, a rlike (b && c)
select a rlike b = c, (a rlike b) = c, a rlike (b = c)
select a rlike b <=> c, (a rlike b) <=> c, a rlike (b <=> c)
select a rlike b <> c, (a rlike b) <> c, a rlike (b <> c)
select a rlike b != c, (a rlike b) != c, a rlike (b != c)
select a rlike b < c, (a rlike b) < c, a rlike (b < c)
select a rlike b <= c, (a rlike b) <= c, a rlike (b <= c)
select a rlike b > c, (a rlike b) > c, a rlike (b > c)
select a rlike b >= c, (a rlike b) >= c, a rlike (b >= c)
select a rlike b like c, (a rlike b) like c, a rlike (b like c)
select a rlike b not like c, (a rlike b) not like c, a rlike (b not like c)
select a rlike b regexp c, (a rlike b) regexp c, a rlike (b regexp c)
select a rlike b not regexp c, (a rlike b) not regexp c, a rlike (b not regexp c)
select a rlike b rlike c, (a rlike b) rlike c, a rlike (b rlike c)
select a rlike b | c, (a rlike b) | c, a rlike (b | c)
select a rlike b & c, (a rlike b) & c, a rlike (b & c)
select a rlike b << c, (a rlike b) << c, a rlike (b << c)
select a rlike b >> c, (a rlike b) >> c, a rlike (b >> c)
select a rlike b + c, (a rlike b) + c, a rlike (b + c)
select a rlike b - c, (a rlike b) - c, a rlike (b - c)
select a rlike b * c, (a rlike b) * c, a rlike (b * c)
select a rlike b / c, (a rlike b) / c, a rlike (b / c)
select a rlike b div c, (a rlike b) div c, a rlike (b div c)
select a rlike b % c, (a rlike b) % c, a rlike (b % c)
select a rlike b mod c, (a rlike b) mod c, a rlike (b mod c)
select a rlike b ^ c, (a rlike b) ^ c, a rlike (b ^ c)
select a | b or c, (a | b) or c, a | (b or c)
select a | b || c, (a | b) || c, a | (b || c)
select a | b xor c, (a | b) xor c, a | (b xor c)
select a | b and c, (a | b) and c, a | (b and c)
select a | b && c, (a | b) && c, a | (b && c)
select a | b = c, (a | b) = c, a | (b = c)
select a | b <=> c, (a | b) <=> c, a | (b <=> c)
select a | b <> c, (a | b) <> c, a | (b <> c)
select a | b != c, (a | b) != c, a | (b != c)
select a | b < c, (a | b) < c, a | (b < c)
select a | b <= c, (a | b) <= c, a | (b <= c)
select a | b > c, (a | b) > c, a | (b > c)
select a | b >= c, (a | b) >= c, a | (b >= c)
select a | b like c, (a | b) like c, a | (b like c)
select a | b not like c, (a | b) not like c, a | (b not like c)
select a | b regexp c, (a | b) regexp c, a | (b regexp c)
select a | b not regexp c, (a | b) not regexp c, a | (b not regexp c)
select a | b rlike c, (a | b) rlike c, a | (b rlike c)
select a | b | c, (a | b) | c, a | (b | c)
select a | b & c, (a | b) & c, a | (b & c)
select a | b << c, (a | b) << c, a | (b << c)
select a | b >> c, (a | b) >> c, a | (b >> c)
select a | b + c, (a | b) + c, a | (b + c)
select a | b - c, (a | b) - c, a | (b - c)
select a | b * c, (a | b) * c, a | (b * c)
select a | b / c, (a | b) / c, a | (b / c)
select a | b div c, (a | b) div c, a | (b div c)
select a | b % c, (a | b) % c, a | (b % c)
select a | b mod c, (a | b) mod c, a | (b mod c)
select a | b ^ c, (a | b) ^ c, a | (b ^ c)
select a & b or c, (a & b) or c, a & (b or c)
select a & b || c, (a & b) || c, a & (b || c)
select a & b xor c, (a & b) xor c, a & (b xor c)
select a & b and c, (a & b) and c, a & (b and c)
select a & b && c, (a & b) && c, a & (b && c)
select a & b = c, (a & b) = c, a & (b = c)
select a & b <=> c, (a & b) <=> c, a & (b <=> c)
select a & b <> c, (a & b) <> c, a & (b <> c)
select a & b != c, (a & b) != c, a & (b != c)
select a & b < c, (a & b) < c, a & (b < c)
select a & b <= c, (a & b) <= c, a & (b <= c)
select a & b > c, (a & b) > c, a & (b > c)
select a & b >= c, (a & b) >= c, a & (b >= c)
select a & b like c, (a & b) like c, a & (b like c)
select a & b not like c, (a & b) not like c, a & (b not like c)
select a & b regexp c, (a & b) regexp c, a & (b regexp c)
select a & b not regexp c, (a & b) not regexp c, a & (b not regexp c)
select a & b rlike c, (a & b) rlike c, a & (b rlike c)
select a & b | c, (a & b) | c, a & (b | c)
select a & b & c, (a & b) & c, a & (b & c)
select a & b << c, (a & b) << c, a & (b << c)
select a & b >> c, (a & b) >> c, a & (b >> c)
select a & b + c, (a & b) + c, a & (b + c)
select a & b - c, (a & b) - c, a & (b - c)
select a & b * c, (a & b) * c, a & (b * c)
select a & b / c, (a & b) / c, a & (b / c)
select a & b div c, (a & b) div c, a & (b div c)
select a & b % c, (a & b) % c, a & (b % c)
select a & b mod c, (a & b) mod c, a & (b mod c)
select a & b ^ c, (a & b) ^ c, a & (b ^ c)
select a << b or c, (a << b) or c, a << (b or c)
select a << b || c, (a << b) || c, a << (b || c)
select a << b xor c, (a << b) xor c, a << (b xor c)
select a << b and c, (a << b) and c, a << (b and c)
select a << b && c, (a << b) && c, a << (b && c)
select a << b = c, (a << b) = c, a << (b = c)
select a << b <=> c, (a << b) <=> c, a << (b <=> c)
select a << b <> c, (a << b) <> c, a << (b <> c)
select a << b != c, (a << b) != c, a << (b != c)
select a << b < c, (a << b) < c, a << (b < c)
select a << b <= c, (a << b) <= c, a << (b <= c)
select a << b > c, (a << b) > c, a << (b > c)
select a << b >= c, (a << b) >= c, a << (b >= c)
select a << b like c, (a << b) like c, a << (b like c)
select a << b not like c, (a << b) not like c, a << (b not like c)
select a << b regexp c, (a << b) regexp c, a << (b regexp c)
select a << b not regexp c, (a << b) not regexp c, a << (b not regexp c)
select a << b rlike c, (a << b) rlike c, a << (b rlike c)
select a << b | c, (a << b) | c, a << (b | c)
select a << b & c, (a << b) & c, a << (b & c)
select a << b << c, (a << b) << c, a << (b << c)
select a << b >> c, (a << b) >> c, a << (b >> c)
select a << b + c, (a << b) + c, a << (b + c)
select a << b - c, (a << b) - c, a << (b - c)
select a << b * c, (a << b) * c, a << (b * c)
select a << b / c, (a << b) / c, a << (b / c)
select a << b div c, (a << b) div c, a << (b div c)
select a << b % c, (a << b) % c, a << (b % c)
select a << b mod c, (a << b) mod c, a << (b mod c)
select a << b ^ c, (a << b) ^ c, a << (b ^ c)
select a >> b or c, (a >> b) or c, a >> (b or c)
select a >> b || c, (a >> b) || c, a >> (b || c)
select a >> b xor c, (a >> b) xor c, a >> (b xor c)
select a >> b and c, (a >> b) and c, a >> (b and c)
select a >> b && c, (a >> b) && c, a >> (b && c)
select a >> b = c, (a >> b) = c, a >> (b = c)
select a >> b <=> c, (a >> b) <=> c, a >> (b <=> c)
select a >> b <> c, (a >> b) <> c, a >> (b <> c)
select a >> b != c, (a >> b) != c, a >> (b != c)
select a >> b < c, (a >> b) < c, a >> (b < c)
select a >> b <= c, (a >> b) <= c, a >> (b <= c)
select a >> b > c, (a >> b) > c, a >> (b > c)
select a >> b >= c, (a >> b) >= c, a >> (b >= c)
select a >> b like c, (a >> b) like c, a >> (b like c)
select a >> b not like c, (a >> b) not like c, a >> (b not like c)
select a >> b regexp c, (a >> b) regexp c, a >> (b regexp c)
select a >> b not regexp c, (a >> b) not regexp c, a >> (b not regexp c)
select a >> b rlike c, (a >> b) rlike c, a >> (b rlike c)
select a >> b | c, (a >> b) | c, a >> (b | c)
select a >> b & c, (a >> b) & c, a >> (b & c)
select a >> b << c, (a >> b) << c, a >> (b << c)
select a >> b >> c, (a >> b) >> c, a >> (b >> c)
select a >> b + c, (a >> b) + c, a >> (b + c)
select a >> b - c, (a >> b) - c, a >> (b - c)
select a >> b * c, (a >> b) * c, a >> (b * c)
select a >> b / c, (a >> b) / c, a >> (b / c)
select a >> b div c, (a >> b) div c, a >> (b div c)
select a >> b % c, (a >> b) % c, a >> (b % c)
select a >> b mod c, (a >> b) mod c, a >> (b mod c)
select a >> b ^ c, (a >> b) ^ c, a >> (b ^ c)
select a + b or c, (a + b) or c, a + (b or c)
select a + b || c, (a + b) || c, a + (b || c)
select a + b xor c, (a + b) xor c, a + (b xor c)
select a + b and c, (a + b) and c, a + (b and c)
select a + b && c, (a + b) && c, a + (b && c)
select a + b = c, (a + b) = c, a + (b = c)
select a + b <=> c, (a + b) <=> c, a + (b <=> c)
select a + b <> c, (a + b) <> c, a + (b <> c)
select a + b != c, (a + b) != c, a + (b != c)
select a + b < c, (a + b) < c, a + (b < c)
select a + b <= c, (a + b) <= c, a + (b <= c)
select a + b > c, (a + b) > c, a + (b > c)
select a + b >= c, (a + b) >= c, a + (b >= c)
select a + b like c, (a + b) like c, a + (b like c)
select a + b not like c, (a + b) not like c, a + (b not like c)
select a + b regexp c, (a + b) regexp c, a + (b regexp c)
select a + b not regexp c, (a + b) not regexp c, a + (b not regexp c)
select a + b rlike c, (a + b) rlike c, a + (b rlike c)
select a + b | c, (a + b) | c, a + (b | c)
select a + b & c, (a + b) & c, a + (b & c)
select a + b << c, (a + b) << c, a + (b << c)
select a + b >> c, (a + b) >> c, a + (b >> c)
select a + b + c, (a + b) + c, a + (b + c)
select a + b - c, (a + b) - c, a + (b - c)
select a + b * c, (a + b) * c, a + (b * c)
select a + b / c, (a + b) / c, a + (b / c)
select a + b div c, (a + b) div c, a + (b div c)
select a + b % c, (a + b) % c, a + (b % c)
select a + b mod c, (a + b) mod c, a + (b mod c)
select a + b ^ c, (a + b) ^ c, a + (b ^ c)
select a - b or c, (a - b) or c, a - (b or c)
select a - b || c, (a - b) || c, a - (b || c)
select a - b xor c, (a - b) xor c, a - (b xor c)
select a - b and c, (a - b) and c, a - (b and c)
select a - b && c, (a - b) && c, a - (b && c)
select a - b = c, (a - b) = c, a - (b = c)
select a - b <=> c, (a - b) <=> c, a - (b <=> c)
select a - b <> c, (a - b) <> c, a - (b <> c)
select a - b != c, (a - b) != c, a - (b != c)
select a - b < c, (a - b) < c, a - (b < c)
select a - b <= c, (a - b) <= c, a - (b <= c)
select a - b > c, (a - b) > c, a - (b > c)
select a - b >= c, (a - b) >= c, a - (b >= c)
select a - b like c, (a - b) like c, a - (b like c)
select a - b not like c, (a - b) not like c, a - (b not like c)
select a - b regexp c, (a - b) regexp c, a - (b regexp c)
select a - b not regexp c, (a - b) not regexp c, a - (b not regexp c)
select a - b rlike c, (a - b) rlike c, a - (b rlike c)
select a - b | c, (a - b) | c, a - (b | c)
select a - b & c, (a - b) & c, a - (b & c)
select a - b << c, (a - b) << c, a - (b << c)
select a - b >> c, (a - b) >> c, a - (b >> c)
select a - b + c, (a - b) + c, a - (b + c)
select a - b - c, (a - b) - c, a - (b - c)
select a - b * c, (a - b) * c, a - (b * c)
select a - b / c, (a - b) / c, a - (b / c)
select a - b div c, (a - b) div c, a - (b div c)
select a - b % c, (a - b) % c, a - (b % c)
select a - b mod c, (a - b) mod c, a - (b mod c)
select a - b ^ c, (a - b) ^ c, a - (b ^ c)
select a * b or c, (a * b) or c, a * (b or c)
select a * b || c, (a * b) || c, a * (b || c)
select a * b xor c, (a * b) xor c, a * (b xor c)
select a * b and c, (a * b) and c, a * (b and c)
select a * b && c, (a * b) && c, a * (b && c)
select a * b = c, (a * b) = c, a * (b = c)
select a * b <=> c, (a * b) <=> c, a * (b <=> c)
select a * b <> c, (a * b) <> c, a * (b <> c)
select a * b != c, (a * b) != c, a * (b != c)
select a * b < c, (a * b) < c, a * (b < c)
select a * b <= c, (a * b) <= c, a * (b <= c)
select a * b > c, (a * b) > c, a * (b > c)
select a * b >= c, (a * b) >= c, a * (b >= c)
select a * b like c, (a * b) like c, a * (b like c)
select a * b not like c, (a * b) not like c, a * (b not like c)
select a * b regexp c, (a * b) regexp c, a * (b regexp c)
select a * b not regexp c, (a * b) not regexp c, a * (b not regexp c)
select a * b rlike c, (a * b) rlike c, a * (b rlike c)
select a * b | c, (a * b) | c, a * (b | c)
select a * b & c, (a * b) & c, a * (b & c)
select a * b << c, (a * b) << c, a * (b << c)
select a * b >> c, (a * b) >> c, a * (b >> c)
select a * b + c, (a * b) + c, a * (b + c)
select a * b - c, (a * b) - c, a * (b - c)
select a * b * c, (a * b) * c, a * (b * c)
select a * b / c, (a * b) / c, a * (b / c)
select a * b div c, (a * b) div c, a * (b div c)
select a * b % c, (a * b) % c, a * (b % c)
select a * b mod c, (a * b) mod c, a * (b mod c)
select a * b ^ c, (a * b) ^ c, a * (b ^ c)
select a / b or c, (a / b) or c, a / (b or c)
select a / b || c, (a / b) || c, a / (b || c)
select a / b xor c, (a / b) xor c, a / (b xor c)
select a / b and c, (a / b) and c, a / (b and c)
select a / b && c, (a / b) && c, a / (b && c)
select a / b = c, (a / b) = c, a / (b = c)
select a / b <=> c, (a / b) <=> c, a / (b <=> c)
select a / b <> c, (a / b) <> c, a / (b <> c)
select a / b != c, (a / b) != c, a / (b != c)
select a / b < c, (a / b) < c, a / (b < c)
select a / b <= c, (a / b) <= c, a / (b <= c)
select a / b > c, (a / b) > c, a / (b > c)
select a / b >= c, (a / b) >= c, a / (b >= c)
select a / b like c, (a / b) like c, a / (b like c)
select a / b not like c, (a / b) not like c, a / (b not like c)
select a / b regexp c, (a / b) regexp c, a / (b regexp c)
select a / b not regexp c, (a / b) not regexp c, a / (b not regexp c)
select a / b rlike c, (a / b) rlike c, a / (b rlike c)
select a / b | c, (a / b) | c, a / (b | c)
select a / b & c, (a / b) & c, a / (b & c)
select a / b << c, (a / b) << c, a / (b << c)
select a / b >> c, (a / b) >> c, a / (b >> c)
select a / b + c, (a / b) + c, a / (b + c)
select a / b - c, (a / b) - c, a / (b - c)
select a / b * c, (a / b) * c, a / (b * c)
select a / b / c, (a / b) / c, a / (b / c)
select a / b div c, (a / b) div c, a / (b div c)
select a / b % c, (a / b) % c, a / (b % c)
select a / b mod c, (a / b) mod c, a / (b mod c)
select a / b ^ c, (a / b) ^ c, a / (b ^ c)
select a div b or c, (a div b) or c, a div (b or c)
select a div b || c, (a div b) || c, a div (b || c)
select a div b xor c, (a div b) xor c, a div (b xor c)
select a div b and c, (a div b) and c, a div (b and c)
select a div b && c, (a div b) && c, a div (b && c)
select a div b = c, (a div b) = c, a div (b = c)
select a div b <=> c, (a div b) <=> c, a div (b <=> c)
select a div b <> c, (a div b) <> c, a div (b <> c)
select a div b != c, (a div b) != c, a div (b != c)
select a div b < c, (a div b) < c, a div (b < c)
select a div b <= c, (a div b) <= c, a div (b <= c)
select a div b > c, (a div b) > c, a div (b > c)
select a div b >= c, (a div b) >= c, a div (b >= c)
select a div b like c, (a div b) like c, a div (b like c)
select a div b not like c, (a div b) not like c, a div (b not like c)
select a div b regexp c, (a div b) regexp c, a div (b regexp c)
select a div b not regexp c, (a div b) not regexp c, a div (b not regexp c)
select a div b rlike c, (a div b) rlike c, a div (b rlike c)
select a div b | c, (a div b) | c, a div (b | c)
select a div b & c, (a div b) & c, a div (b & c)
select a div b << c, (a div b) << c, a div (b << c)
select a div b >> c, (a div b) >> c, a div (b >> c)
select a div b + c, (a div b) + c, a div (b + c)
select a div b - c, (a div b) - c, a div (b - c)
select a div b * c, (a div b) * c, a div (b * c)
select a div b / c, (a div b) / c, a div (b / c)
select a div b div c, (a div b) div c, a div (b div c)
select a div b % c, (a div b) % c, a div (b % c)
select a div b mod c, (a div b) mod c, a div (b mod c)
select a div b ^ c, (a div b) ^ c, a div (b ^ c)
select a % b or c, (a % b) or c, a % (b or c)
select a % b || c, (a % b) || c, a % (b || c)
select a % b xor c, (a % b) xor c, a % (b xor c)
select a % b and c, (a % b) and c, a % (b and c)
select a % b && c, (a % b) && c, a % (b && c)
select a % b = c, (a % b) = c, a % (b = c)
select a % b <=> c, (a % b) <=> c, a % (b <=> c)
select a % b <> c, (a % b) <> c, a % (b <> c)
select a % b != c, (a % b) != c, a % (b != c)
select a % b < c, (a % b) < c, a % (b < c)
select a % b <= c, (a % b) <= c, a % (b <= c)
select a % b > c, (a % b) > c, a % (b > c)
select a % b >= c, (a % b) >= c, a % (b >= c)
select a % b like c, (a % b) like c, a % (b like c)
select a % b not like c, (a % b) not like c, a % (b not like c)
select a % b regexp c, (a % b) regexp c, a % (b regexp c)
select a % b not regexp c, (a % b) not regexp c, a % (b not regexp c)
select a % b rlike c, (a % b) rlike c, a % (b rlike c)
select a % b | c, (a % b) | c, a % (b | c)
select a % b & c, (a % b) & c, a % (b & c)
select a % b << c, (a % b) << c, a % (b << c)
select a % b >> c, (a % b) >> c, a % (b >> c)
select a % b + c, (a % b) + c, a % (b + c)
select a % b - c, (a % b) - c, a % (b - c)
select a % b * c, (a % b) * c, a % (b * c)
select a % b / c, (a % b) / c, a % (b / c)
select a % b div c, (a % b) div c, a % (b div c)
select a % b % c, (a % b) % c, a % (b % c)
select a % b mod c, (a % b) mod c, a % (b mod c)
select a % b ^ c, (a % b) ^ c, a % (b ^ c)
select a mod b or c, (a mod b) or c, a mod (b or c)
select a mod b || c, (a mod b) || c, a mod (b || c)
select a mod b xor c, (a mod b) xor c, a mod (b xor c)
select a mod b and c, (a mod b) and c, a mod (b and c)
select a mod b && c, (a mod b) && c, a mod (b && c)
select a mod b = c, (a mod b) = c, a mod (b = c)
select a mod b <=> c, (a mod b) <=> c, a mod (b <=> c)
select a mod b <> c, (a mod b) <> c, a mod (b <> c)
select a mod b != c, (a mod b) != c, a mod (b != c)
select a mod b < c, (a mod b) < c, a mod (b < c)
select a mod b <= c, (a mod b) <= c, a mod (b <= c)
select a mod b > c, (a mod b) > c, a mod (b > c)
select a mod b >= c, (a mod b) >= c, a mod (b >= c)
select a mod b like c, (a mod b) like c, a mod (b like c)
select a mod b not like c, (a mod b) not like c, a mod (b not like c)
select a mod b regexp c, (a mod b) regexp c, a mod (b regexp c)
select a mod b not regexp c, (a mod b) not regexp c, a mod (b not regexp c)
select a mod b rlike c, (a mod b) rlike c, a mod (b rlike c)
select a mod b | c, (a mod b) | c, a mod (b | c)
select a mod b & c, (a mod b) & c, a mod (b & c)
select a mod b << c, (a mod b) << c, a mod (b << c)
select a mod b >> c, (a mod b) >> c, a mod (b >> c)
select a mod b + c, (a mod b) + c, a mod (b + c)
select a mod b - c, (a mod b) - c, a mod (b - c)
select a mod b * c, (a mod b) * c, a mod (b * c)
select a mod b / c, (a mod b) / c, a mod (b / c)
select a mod b div c, (a mod b) div c, a mod (b div c)
select a mod b % c, (a mod b) % c, a mod (b % c)
select a mod b mod c, (a mod b) mod c, a mod (b mod c)
select a mod b ^ c, (a mod b) ^ c, a mod (b ^ c)
select a ^ b or c, (a ^ b) or c, a ^ (b or c)
select a ^ b || c, (a ^ b) || c, a ^ (b || c)
select a ^ b xor c, (a ^ b) xor c, a ^ (b xor c)
select a ^ b and c, (a ^ b) and c, a ^ (b and c)
select a ^ b && c, (a ^ b) && c, a ^ (b && c)
select a ^ b = c, (a ^ b) = c, a ^ (b = c)
select a ^ b <=> c, (a ^ b) <=> c, a ^ (b <=> c)
select a ^ b <> c, (a ^ b) <> c, a ^ (b <> c)
select a ^ b != c, (a ^ b) != c, a ^ (b != c)
select a ^ b < c, (a ^ b) < c, a ^ (b < c)
select a ^ b <= c, (a ^ b) <= c, a ^ (b <= c)
select a ^ b > c, (a ^ b) > c, a ^ (b > c)
select a ^ b >= c, (a ^ b) >= c, a ^ (b >= c)
select a ^ b like c, (a ^ b) like c, a ^ (b like c)
select a ^ b not like c, (a ^ b) not like c, a ^ (b not like c)
select a ^ b regexp c, (a ^ b) regexp c, a ^ (b regexp c)
select a ^ b not regexp c, (a ^ b) not regexp c, a ^ (b not regexp c)
select a ^ b rlike c, (a ^ b) rlike c, a ^ (b rlike c)
select a ^ b | c, (a ^ b) | c, a ^ (b | c)
select a ^ b & c, (a ^ b) & c, a ^ (b & c)
select a ^ b << c, (a ^ b) << c, a ^ (b << c)
select a ^ b >> c, (a ^ b) >> c, a ^ (b >> c)
select a ^ b + c, (a ^ b) + c, a ^ (b + c)
select a ^ b - c, (a ^ b) - c, a ^ (b - c)
select a ^ b * c, (a ^ b) * c, a ^ (b * c)
select a ^ b / c, (a ^ b) / c, a ^ (b / c)
select a ^ b div c, (a ^ b) div c, a ^ (b div c)
select a ^ b % c, (a ^ b) % c, a ^ (b % c)
select a ^ b mod c, (a ^ b) mod c, a ^ (b mod c)
select a ^ b ^ c, (a ^ b) ^ c, a ^ (b ^ c)
select a or b, (a or b), (a) or b
select a || b, (a || b), (a) || b
select a xor b, (a xor b), (a) xor b
select a and b, (a and b), (a) and b
select a && b, (a && b), (a) && b
select a = b, (a = b), (a) = b
select a <=> b, (a <=> b), (a) <=> b
select a <> b, (a <> b), (a) <> b
select a != b, (a != b), (a) != b
select a < b, (a < b), (a) < b
select a <= b, (a <= b), (a) <= b
select a > b, (a > b), (a) > b
select a >= b, (a >= b), (a) >= b
select a like b, (a like b), (a) like b
select a not like b, (a not like b), (a) not like b
select a regexp b, (a regexp b), (a) regexp b
select a not regexp b, (a not regexp b), (a) not regexp b
select a rlike b, (a rlike b), (a) rlike b
select a | b, (a | b), (a) | b
select a & b, (a & b), (a) & b
select a << b, (a << b), (a) << b
select a >> b, (a >> b), (a) >> b
select a + b, (a + b), (a) + b
select a - b, (a - b), (a) - b
select a * b, (a * b), (a) * b
select a / b, (a / b), (a) / b
select a div b, (a div b), (a) div b
select a % b, (a % b), (a) % b
select a mod b, (a mod b), (a) mod b
select a ^ b, (a ^ b), (a) ^ b
select a is null, (a is null), (a) is null
select a is not null, (a is not null), (a) is not null
select a is true, (a is true), (a) is true
select a is not false, (a is not false), (a) is not false
select a is unknown, (a is unknown), (a) is unknown
select a in (1, b), (a in (1, b)), (a) in (1, b)
select a not in (select 1), (a not in (select 1)), (a) not in (select 1)
select a between b and c, (a between b and c), (a) between b and c
select a not between 1 and c, (a not between 1 and c), (a) not between 1 and c
select a sounds like b, (a sounds like b), (a) sounds like b
select a collate utf8mb4_bin, (a collate utf8mb4_bin), (a) collate utf8mb4_bin
select a like b escape '!', (a like b escape '!'), (a) like b escape '!'
select a + interval 1 day, (a + interval 1 day), (a) + interval 1 day
select a - interval b hour_minute, (a - interval b hour_minute), (a) - interval b hour_minute
select not a or b, not (a or b), (not a) or b
select not a || b, not (a || b), (not a) || b
select not a xor b, not (a xor b), (not a) xor b
select not a and b, not (a and b), (not a) and b
select not a && b, not (a && b), (not a) && b
select not a = b, not (a = b), (not a) = b
select not a <=> b, not (a <=> b), (not a) <=> b
select not a <> b, not (a <> b), (not a) <> b
select not a != b, not (a != b), (not a) != b
select not a < b, not (a < b), (not a) < b
select not a <= b, not (a <= b), (not a) <= b
select not a > b, not (a > b), (not a) > b
select not a >= b, not (a >= b), (not a) >= b
select not a like b, not (a like b), (not a) like b
select not a not like b, not (a not like b), (not a) not like b
select not a regexp b, not (a regexp b), (not a) regexp b
select not a not regexp b, not (a not regexp b), (not a) not regexp b
select not a rlike b, not (a rlike b), (not a) rlike b
select not a | b, not (a | b), (not a) | b
select not a & b, not (a & b), (not a) & b
select not a << b, not (a << b), (not a) << b
select not a >> b, not (a >> b), (not a) >> b
select not a + b, not (a + b), (not a) + b
select not a - b, not (a - b), (not a) - b
select not a * b, not (a * b), (not a) * b
select not a / b, not (a / b), (not a) / b
select not a div b, not (a div b), (not a) div b
select not a % b, not (a % b), (not a) % b
select not a mod b, not (a mod b), (not a) mod b
select not a ^ b, not (a ^ b), (not a) ^ b
select not a is null, not (a is null), (not a) is null
select not a is not null, not (a is not null), (not a) is not null
select not a is true, not (a is true), (not a) is true
select not a is not false, not (a is not false), (not a) is not false
select not a is unknown, not (a is unknown), (not a) is unknown
select not a in (1, b), not (a in (1, b)), (not a) in (1, b)
select not a not in (select 1), not (a not in (select 1)), (not a) not in (select 1)
select not a between b and c, not (a between b and c), (not a) between b and c
select not a not between 1 and c, not (a not between 1 and c), (not a) not between 1 and c
select not a sounds like b, not (a sounds like b), (not a) sounds like b
select not a collate utf8mb4_bin, not (a collate utf8mb4_bin), (not a) collate utf8mb4_bin
select not a like b escape '!', not (a like b escape '!'), (not a) like b escape '!'
select not a + interval 1 day, not (a + interval 1 day), (not a) + interval 1 day
select not a - interval b hour_minute, not (a - interval b hour_minute), (not a) - interval b hour_minute
select - a or b, - (a or b), (- a) or b
select - a || b, - (a || b), (- a) || b
select - a xor b, - (a xor b), (- a) xor b
select - a and b, - (a and b), (- a) and b
select - a && b, - (a && b), (- a) && b
select - a = b, - (a = b), (- a) = b
select - a <=> b, - (a <=> b), (- a) <=> b
select - a <> b, - (a <> b), (- a) <> b
select - a != b, - (a != b), (- a) != b
select - a < b, - (a < b), (- a) < b
select - a <= b, - (a <= b), (- a) <= b
select - a > b, - (a > b), (- a) > b
select - a >= b, - (a >= b), (- a) >= b
select - a like b, - (a like b), (- a) like b
select - a not like b, - (a not like b), (- a) not like b
select - a regexp b, - (a regexp b), (- a) regexp b
select - a not regexp b, - (a not regexp b), (- a) not regexp b
select - a rlike b, - (a rlike b), (- a) rlike b
select - a | b, - (a | b), (- a) | b
select - a & b, - (a & b), (- a) & b
select - a << b, - (a << b), (- a) << b
select - a >> b, - (a >> b), (- a) >> b
select - a + b, - (a + b), (- a) + b
select - a - b, - (a - b), (- a) - b
select - a * b, - (a * b), (- a) * b
select - a / b, - (a / b), (- a) / b
select - a div b, - (a div b), (- a) div b
select - a % b, - (a % b), (- a) % b
select - a mod b, - (a mod b), (- a) mod b
select - a ^ b, - (a ^ b), (- a) ^ b
select - a is null, - (a is null), (- a) is null
select - a is not null, - (a is not null), (- a) is not null
select - a is true, - (a is true), (- a) is true
select - a is not false, - (a is not false), (- a) is not false
select - a is unknown, - (a is unknown), (- a) is unknown
select - a in (1, b), - (a in (1, b)), (- a) in (1, b)
select - a not in (select 1), - (a not in (select 1)), (- a) not in (select 1)
select - a between b and c, - (a between b and c), (- a) between b and c
select - a not between 1 and c, - (a not between 1 and c), (- a) not between 1 and c
select - a sounds like b, - (a sounds like b), (- a) sounds like b
select - a collate utf8mb4_bin, - (a collate utf8mb4_bin), (- a) collate utf8mb4_bin
select - a like b escape '!', - (a like b escape '!'), (- a) like b escape '!'
select - a + interval 1 day, - (a + interval 1 day), (- a) + interval 1 day
select - a - interval b hour_minute, - (a - interval b hour_minute), (- a) - interval b hour_minute
select + a or b, + (a or b), (+ a) or b
select + a || b, + (a || b), (+ a) || b
select + a xor b, + (a xor b), (+ a) xor b
select + a and b, + (a and b), (+ a) and b
select + a && b, + (a && b), (+ a) && b
select + a = b, + (a = b), (+ a) = b
select + a <=> b, + (a <=> b), (+ a) <=> b
select + a <> b, + (a <> b), (+ a) <> b
select + a != b, + (a != b), (+ a) != b
select + a < b, + (a < b), (+ a) < b
select + a <= b, + (a <= b), (+ a) <= b
select + a > b, + (a > b), (+ a) > b
select + a >= b, + (a >= b), (+ a) >= b
select + a like b, + (a like b), (+ a) like b
select + a not like b, + (a not like b), (+ a) not like b
select + a regexp b, + (a regexp b), (+ a) regexp b
select + a not regexp b, + (a not regexp b), (+ a) not regexp b
select + a rlike b, + (a rlike b), (+ a) rlike b
select + a | b, + (a | b), (+ a) | b
select + a & b, + (a & b), (+ a) & b
select + a << b, + (a << b), (+ a) << b
select + a >> b, + (a >> b), (+ a) >> b
select + a + b, + (a + b), (+ a) + b
select + a - b, + (a - b), (+ a) - b
select + a * b, + (a * b), (+ a) * b
select + a / b, + (a / b), (+ a) / b
select + a div b, + (a div b), (+ a) div b
select + a % b, + (a % b), (+ a) % b
select + a mod b, + (a mod b), (+ a) mod b
select + a ^ b, + (a ^ b), (+ a) ^ b
select + a is null, + (a is null), (+ a) is null
select + a is not null, + (a is not null), (+ a) is not null
select + a is true, + (a is true), (+ a) is true
select + a is not false, + (a is not false), (+ a) is not false
select + a is unknown, + (a is unknown), (+ a) is unknown
select + a in (1, b), + (a in (1, b)), (+ a) in (1, b)
select + a not in (select 1), + (a not in (select 1)), (+ a) not in (select 1)
select + a between b and c, + (a between b and c), (+ a) between b and c
select + a not between 1 and c, + (a not between 1 and c), (+ a) not between 1 and c
select + a sounds like b, + (a sounds like b), (+ a) sounds like b
select + a collate utf8mb4_bin, + (a collate utf8mb4_bin), (+ a) collate utf8mb4_bin
select + a like b escape '!', + (a like b escape '!'), (+ a) like b escape '!'
select + a + interval 1 day, + (a + interval 1 day), (+ a) + interval 1 day
select + a - interval b hour_minute, + (a - interval b hour_minute), (+ a) - interval b hour_minute
select ~a or b, ~(a or b), (~a) or b
select ~a || b, ~(a || b), (~a) || b
select ~a xor b, ~(a xor b), (~a) xor b
select ~a and b, ~(a and b), (~a) and b
select ~a && b, ~(a && b), (~a) && b
select ~a = b, ~(a = b), (~a) = b
select ~a <=> b, ~(a <=> b), (~a) <=> b
select ~a <> b, ~(a <> b), (~a) <> b
select ~a != b, ~(a != b), (~a) != b
select ~a < b, ~(a < b), (~a) < b
select ~a <= b, ~(a <= b), (~a) <= b
select ~a > b, ~(a > b), (~a) > b
select ~a >= b, ~(a >= b), (~a) >= b
select ~a like b, ~(a like b), (~a) like b
select ~a not like b, ~(a not like b), (~a) not like b
select ~a regexp b, ~(a regexp b), (~a) regexp b
select ~a not regexp b, ~(a not regexp b), (~a) not regexp b
select ~a rlike b, ~(a rlike b), (~a) rlike b
select ~a | b, ~(a | b), (~a) | b
select ~a & b, ~(a & b), (~a) & b
select ~a << b, ~(a << b), (~a) << b
select ~a >> b, ~(a >> b), (~a) >> b
select ~a + b, ~(a + b), (~a) + b
select ~a - b, ~(a - b), (~a) - b
select ~a * b, ~(a * b), (~a) * b
select ~a / b, ~(a / b), (~a) / b
select ~a div b, ~(a div b), (~a) div b
select ~a % b, ~(a % b), (~a) % b
select ~a mod b, ~(a mod b), (~a) mod b
select ~a ^ b, ~(a ^ b), (~a) ^ b
select ~a is null, ~(a is null), (~a) is null
select ~a is not null, ~(a is not null), (~a) is not null
select ~a is true, ~(a is true), (~a) is true
select ~a is not false, ~(a is not false), (~a) is not false
select ~a is unknown, ~(a is unknown), (~a) is unknown
select ~a in (1, b), ~(a in (1, b)), (~a) in (1, b)
select ~a not in (select 1), ~(a not in (select 1)), (~a) not in (select 1)
select ~a between b and c, ~(a between b and c), (~a) between b and c
select ~a not between 1 and c, ~(a not between 1 and c), (~a) not between 1 and c
select ~a sounds like b, ~(a sounds like b), (~a) sounds like b
select ~a collate utf8mb4_bin, ~(a collate utf8mb4_bin), (~a) collate utf8mb4_bin
select ~a like b escape '!', ~(a like b escape '!'), (~a) like b escape '!'
select ~a + interval 1 day, ~(a + interval 1 day), (~a) + interval 1 day
select ~a - interval b hour_minute, ~(a - interval b hour_minute), (~a) - interval b hour_minute
select !a or b, !(a or b), (!a) or b
select !a || b, !(a || b), (!a) || b
select !a xor b, !(a xor b), (!a) xor b
select !a and b, !(a and b), (!a) and b
select !a && b, !(a && b), (!a) && b
select !a = b, !(a = b), (!a) = b
select !a <=> b, !(a <=> b), (!a) <=> b
select !a <> b, !(a <> b), (!a) <> b
select !a != b, !(a != b), (!a) != b
select !a < b, !(a < b), (!a) < b
select !a <= b, !(a <= b), (!a) <= b
select !a > b, !(a > b), (!a) > b
select !a >= b, !(a >= b), (!a) >= b
select !a like b, !(a like b), (!a) like b
select !a not like b, !(a not like b), (!a) not like b
select !a regexp b, !(a regexp b), (!a) regexp b
select !a not regexp b, !(a not regexp b), (!a) not regexp b
select !a rlike b, !(a rlike b), (!a) rlike b
select !a | b, !(a | b), (!a) | b
select !a & b, !(a & b), (!a) & b
select !a << b, !(a << b), (!a) << b
select !a >> b, !(a >> b), (!a) >> b
select !a + b, !(a + b), (!a) + b
select !a - b, !(a - b), (!a) - b
select !a * b, !(a * b), (!a) * b
select !a / b, !(a / b), (!a) / b
select !a div b, !(a div b), (!a) div b
select !a % b, !(a % b), (!a) % b
select !a mod b, !(a mod b), (!a) mod b
select !a ^ b, !(a ^ b), (!a) ^ b
select !a is null, !(a is null), (!a) is null
select !a is not null, !(a is not null), (!a) is not null
select !a is true, !(a is true), (!a) is true
select !a is not false, !(a is not false), (!a) is not false
select !a is unknown, !(a is unknown), (!a) is unknown
select !a in (1, b), !(a in (1, b)), (!a) in (1, b)
select !a not in (select 1), !(a not in (select 1)), (!a) not in (select 1)
select !a between b and c, !(a between b and c), (!a) between b and c
select !a not between 1 and c, !(a not between 1 and c), (!a) not between 1 and c
select !a sounds like b, !(a sounds like b), (!a) sounds like b
select !a collate utf8mb4_bin, !(a collate utf8mb4_bin), (!a) collate utf8mb4_bin
select !a like b escape '!', !(a like b escape '!'), (!a) like b escape '!'
select !a + interval 1 day, !(a + interval 1 day), (!a) + interval 1 day
select !a - interval b hour_minute, !(a - interval b hour_minute), (!a) - interval b hour_minute
select binary a or b, binary (a or b), (binary a) or b
select binary a || b, binary (a || b), (binary a) || b
select binary a xor b, binary (a xor b), (binary a) xor b
select binary a and b, binary (a and b), (binary a) and b
select binary a && b, binary (a && b), (binary a) && b
select binary a = b, binary (a = b), (binary a) = b
select binary a <=> b, binary (a <=> b), (binary a) <=> b
select binary a <> b, binary (a <> b), (binary a) <> b
select binary a != b, binary (a != b), (binary a) != b
select binary a < b, binary (a < b), (binary a) < b
select binary a <= b, binary (a <= b), (binary a) <= b
select binary a > b, binary (a > b), (binary a) > b
select binary a >= b, binary (a >= b), (binary a) >= b
select binary a like b, binary (a like b), (binary a) like b
select binary a not like b, binary (a not like b), (binary a) not like b
select binary a regexp b, binary (a regexp b), (binary a) regexp b
select binary a not regexp b, binary (a not regexp b), (binary a) not regexp b
select binary a rlike b, binary (a rlike b), (binary a) rlike b
select binary a | b, binary (a | b), (binary a) | b
select binary a & b, binary (a & b), (binary a) & b
select binary a << b, binary (a << b), (binary a) << b
select binary a >> b, binary (a >> b), (binary a) >> b
select binary a + b, binary (a + b), (binary a) + b
select binary a - b, binary (a - b), (binary a) - b
select binary a * b, binary (a * b), (binary a) * b
select binary a / b, binary (a / b), (binary a) / b
select binary a div b, binary (a div b), (binary a) div b
select binary a % b, binary (a % b), (binary a) % b
select binary a mod b, binary (a mod b), (binary a) mod b
select binary a ^ b, binary (a ^ b), (binary a) ^ b
select binary a is null, binary (a is null), (binary a) is null
select binary a is not null, binary (a is not null), (binary a) is not null
select binary a is true, binary (a is true), (binary a) is true
select binary a is not false, binary (a is not false), (binary a) is not false
select binary a is unknown, binary (a is unknown), (binary a) is unknown
select binary a in (1, b), binary (a in (1, b)), (binary a) in (1, b)
select binary a not in (select 1), binary (a not in (select 1)), (binary a) not in (select 1)
select binary a between b and c, binary (a between b and c), (binary a) between b and c
select binary a not between 1 and c, binary (a not between 1 and c), (binary a) not between 1 and c
select binary a sounds like b, binary (a sounds like b), (binary a) sounds like b
select binary a collate utf8mb4_bin, binary (a collate utf8mb4_bin), (binary a) collate utf8mb4_bin
select binary a like b escape '!', binary (a like b escape '!'), (binary a) like b escape '!'
select binary a + interval 1 day, binary (a + interval 1 day), (binary a) + interval 1 day
select binary a - interval b hour_minute, binary (a - interval b hour_minute), (binary a) - interval b hour_minute
select not not a or b, not not (a or b), (not not a) or b
select not not a || b, not not (a || b), (not not a) || b
select not not a xor b, not not (a xor b), (not not a) xor b
select not not a and b, not not (a and b), (not not a) and b
select not not a && b, not not (a && b), (not not a) && b
select not not a = b, not not (a = b), (not not a) = b
select not not a <=> b, not not (a <=> b), (not not a) <=> b
select not not a <> b, not not (a <> b), (not not a) <> b
select not not a != b, not not (a != b), (not not a) != b
select not not a < b, not not (a < b), (not not a) < b
select not not a <= b, not not (a <= b), (not not a) <= b
select not not a > b, not not (a > b), (not not a) > b
select not not a >= b, not not (a >= b), (not not a) >= b
select not not a like b, not not (a like b), (not not a) like b
select not not a not like b, not not (a not like b), (not not a) not like b
select not not a regexp b, not not (a regexp b), (not not a) regexp b
select not not a not regexp b, not not (a not regexp b), (not not a) not regexp b
select not not a rlike b, not not (a rlike b), (not not a) rlike b
select not not a | b, not not (a | b), (not not a) | b
select not not a & b, not not (a & b), (not not a) & b
select not not a << b, not not (a << b), (not not a) << b
select not not a >> b, not not (a >> b), (not not a) >> b
select not not a + b, not not (a + b), (not not a) + b
select not not a - b, not not (a - b), (not not a) - b
select not not a * b, not not (a * b), (not not a) * b
select not not a / b, not not (a / b), (not not a) / b
select not not a div b, not not (a div b), (not not a) div b
select not not a % b, not not (a % b), (not not a) % b
select not not a mod b, not not (a mod b), (not not a) mod b
select not not a ^ b, not not (a ^ b), (not not a) ^ b
select not not a is null, not not (a is null), (not not a) is null
select not not a is not null, not not (a is not null), (not not a) is not null
select not not a is true, not not (a is true), (not not a) is true
select not not a is not false, not not (a is not false), (not not a) is not false
select not not a is unknown, not not (a is unknown), (not not a) is unknown
select not not a in (1, b), not not (a in (1, b)), (not not a) in (1, b)
select not not a not in (select 1), not not (a not in (select 1)), (not not a) not in (select 1)
select not not a between b and c, not not (a between b and c), (not not a) between b and c
select not not a not between 1 and c, not not (a not between 1 and c), (not not a) not between 1 and c
select not not a sounds like b, not not (a sounds like b), (not not a) sounds like b
select not not a collate utf8mb4_bin, not not (a collate utf8mb4_bin), (not not a) collate utf8mb4_bin
select not not a like b escape '!', not not (a like b escape '!'), (not not a) like b escape '!'
select not not a + interval 1 day, not not (a + interval 1 day), (not not a) + interval 1 day
select not not a - interval b hour_minute, not not (a - interval b hour_minute), (not not a) - interval b hour_minute
select - - a or b, - - (a or b), (- - a) or b
select - - a || b, - - (a || b), (- - a) || b
select - - a xor b, - - (a xor b), (- - a) xor b
select - - a and b, - - (a and b), (- - a) and b
select - - a && b, - - (a && b), (- - a) && b
select - - a = b, - - (a = b), (- - a) = b
select - - a <=> b, - - (a <=> b), (- - a) <=> b
select - - a <> b, - - (a <> b), (- - a) <> b
select - - a != b, - - (a != b), (- - a) != b
select - - a < b, - - (a < b), (- - a) < b
select - - a <= b, - - (a <= b), (- - a) <= b
select - - a > b, - - (a > b), (- - a) > b
select - - a >= b, - - (a >= b), (- - a) >= b
select - - a like b, - - (a like b), (- - a) like b
select - - a not like b, - - (a not like b), (- - a) not like b
select - - a regexp b, - - (a regexp b), (- - a) regexp b
select - - a not regexp b, - - (a not regexp b), (- - a) not regexp b
select - - a rlike b, - - (a rlike b), (- - a) rlike b
select - - a | b, - - (a | b), (- - a) | b
select - - a & b, - - (a & b), (- - a) & b
select - - a << b, - - (a << b), (- - a) << b
select - - a >> b, - - (a >> b), (- - a) >> b
select - - a + b, - - (a + b), (- - a) + b
select - - a - b, - - (a - b), (- - a) - b
select - - a * b, - - (a * b), (- - a) * b
select - - a / b, - - (a / b), (- - a) / b
select - - a div b, - - (a div b), (- - a) div b
select - - a % b, - - (a % b), (- - a) % b
select - - a mod b, - - (a mod b), (- - a) mod b
select - - a ^ b, - - (a ^ b), (- - a) ^ b
select - - a is null, - - (a is null), (- - a) is null
select - - a is not null, - - (a is not null), (- - a) is not null
select - - a is true, - - (a is true), (- - a) is true
select - - a is not false, - - (a is not false), (- - a) is not false
select - - a is unknown, - - (a is unknown), (- - a) is unknown
select - - a in (1, b), - - (a in (1, b)), (- - a) in (1, b)
select - - a not in (select 1), - - (a not in (select 1)), (- - a) not in (select 1)
select - - a between b and c, - - (a between b and c), (- - a) between b and c
select - - a not between 1 and c, - - (a not between 1 and c), (- - a) not between 1 and c
select - - a sounds like b, - - (a sounds like b), (- - a) sounds like b
select - - a collate utf8mb4_bin, - - (a collate utf8mb4_bin), (- - a) collate utf8mb4_bin
select - - a like b escape '!', - - (a like b escape '!'), (- - a) like b escape '!'
select - - a + interval 1 day, - - (a + interval 1 day), (- - a) + interval 1 day
select - - a - interval b hour_minute, - - (a - interval b hour_minute), (- - a) - interval b hour_minute
select - ~a or b, - ~(a or b), (- ~a) or b
select - ~a || b, - ~(a || b), (- ~a) || b
select - ~a xor b, - ~(a xor b), (- ~a) xor b
select - ~a and b, - ~(a and b), (- ~a) and b
select - ~a && b, - ~(a && b), (- ~a) && b
select - ~a = b, - ~(a = b), (- ~a) = b
select - ~a <=> b, - ~(a <=> b), (- ~a) <=> b
select - ~a <> b, - ~(a <> b), (- ~a) <> b
select - ~a != b, - ~(a != b), (- ~a) != b
select - ~a < b, - ~(a < b), (- ~a) < b
select - ~a <= b, - ~(a <= b), (- ~a) <= b
select - ~a > b, - ~(a > b), (- ~a) > b
select - ~a >= b, - ~(a >= b), (- ~a) >= b
select - ~a like b, - ~(a like b), (- ~a) like b
select - ~a not like b, - ~(a not like b), (- ~a) not like b
select - ~a regexp b, - ~(a regexp b), (- ~a) regexp b
select - ~a not regexp b, - ~(a not regexp b), (- ~a) not regexp b
select - ~a rlike b, - ~(a rlike b), (- ~a) rlike b
select - ~a | b, - ~(a | b), (- ~a) | b
select - ~a & b, - ~(a & b), (- ~a) & b
select - ~a << b, - ~(a << b), (- ~a) << b
select - ~a >> b, - ~(a >> b), (- ~a) >> b
select - ~a + b, - ~(a + b), (- ~a) + b
select - ~a - b, - ~(a - b), (- ~a) - b
select - ~a * b, - ~(a * b), (- ~a) * b
select - ~a / b, - ~(a / b), (- ~a) / b
select - ~a div b, - ~(a div b), (- ~a) div b
select - ~a % b, - ~(a % b), (- ~a) % b
select - ~a mod b, - ~(a mod b), (- ~a) mod b
select - ~a ^ b, - ~(a ^ b), (- ~a) ^ b
select - ~a is null, - ~(a is null), (- ~a) is null
select - ~a is not null, - ~(a is not null), (- ~a) is not null
select - ~a is true, - ~(a is true), (- ~a) is true
select - ~a is not false, - ~(a is not false), (- ~a) is not false
select - ~a is unknown, - ~(a is unknown), (- ~a) is unknown
select - ~a in (1, b), - ~(a in (1, b)), (- ~a) in (1, b)
select - ~a not in (select 1), - ~(a not in (select 1)), (- ~a) not in (select 1)
select - ~a between b and c, - ~(a between b and c), (- ~a) between b and c
select - ~a not between 1 and c, - ~(a not between 1 and c), (- ~a) not between 1 and c
select - ~a sounds like b, - ~(a sounds like b), (- ~a) sounds like b
select - ~a collate utf8mb4_bin, - ~(a collate utf8mb4_bin), (- ~a) collate utf8mb4_bin
select - ~a like b escape '!', - ~(a like b escape '!'), (- ~a) like b escape '!'
select - ~a + interval 1 day, - ~(a + interval 1 day), (- ~a) + interval 1 day
select - ~a - interval b hour_minute, - ~(a - interval b hour_minute), (- ~a) - interval b hour_minute
select a or (not b)
select a || (not b)
select a xor (not b)
select a and (not b)
select a && (not b)
select a = (not b)
select a <=> (not b)
select a <> (not b)
select a != (not b)
select a < (not b)
select a <= (not b)
select a > (not b)
select a >= (not b)
select a like (not b)
select a not like (not b)
select a regexp (not b)
select a not regexp (not b)
select a rlike (not b)
select a | (not b)
select a & (not b)
select a << (not b)
select a >> (not b)
select a + (not b)
select a - (not b)
select a * (not b)
select a / (not b)
select a div (not b)
select a % (not b)
select a mod (not b)
select a ^ (not b)
select a or (- b)
select a || (- b)
select a xor (- b)
select a and (- b)
select a && (- b)
select a = (- b)
select a <=> (- b)
select a <> (- b)
select a != (- b)
select a < (- b)
select a <= (- b)
select a > (- b)
select a >= (- b)
select a like (- b)
select a not like (- b)
select a regexp (- b)
select a not regexp (- b)
select a rlike (- b)
select a | (- b)
select a & (- b)
select a << (- b)
select a >> (- b)
select a + (- b)
select a - (- b)
select a * (- b)
select a / (- b)
select a div (- b)
select a % (- b)
select a mod (- b)
select a ^ (- b)
select a or (+ b)
select a || (+ b)
select a xor (+ b)
select a and (+ b)
select a && (+ b)
select a = (+ b)
select a <=> (+ b)
select a <> (+ b)
select a != (+ b)
select a < (+ b)
select a <= (+ b)
select a > (+ b)
select a >= (+ b)
select a like (+ b)
select a not like (+ b)
select a regexp (+ b)
select a not regexp (+ b)
select a rlike (+ b)
select a | (+ b)
select a & (+ b)
select a << (+ b)
select a >> (+ b)
select a + (+ b)
select a - (+ b)
select a * (+ b)
select a / (+ b)
select a div (+ b)
select a % (+ b)
select a mod (+ b)
select a ^ (+ b)
select a or (~b)
select a || (~b)
select a xor (~b)
select a and (~b)
select a && (~b)
select a = (~b)
select a <=> (~b)
select a <> (~b)
select a != (~b)
select a < (~b)
select a <= (~b)
select a > (~b)
select a >= (~b)
select a like (~b)
select a not like (~b)
select a regexp (~b)
select a not regexp (~b)
select a rlike (~b)
select a | (~b)
select a & (~b)
select a << (~b)
select a >> (~b)
select a + (~b)
select a - (~b)
select a * (~b)
select a / (~b)
select a div (~b)
select a % (~b)
select a mod (~b)
select a ^ (~b)
select a or (!b)
select a || (!b)
select a xor (!b)
select a and (!b)
select a && (!b)
select a = (!b)
select a <=> (!b)
select a <> (!b)
select a != (!b)
select a < (!b)
select a <= (!b)
select a > (!b)
select a >= (!b)
select a like (!b)
select a not like (!b)
select a regexp (!b)
select a not regexp (!b)
select a rlike (!b)
select a | (!b)
select a & (!b)
select a << (!b)
select a >> (!b)
select a + (!b)
select a - (!b)
select a * (!b)
select a / (!b)
select a div (!b)
select a % (!b)
select a mod (!b)
select a ^ (!b)
select a or (binary b)
select a || (binary b)
select a xor (binary b)
select a and (binary b)
select a && (binary b)
select a = (binary b)
select a <=> (binary b)
select a <> (binary b)
select a != (binary b)
select a < (binary b)
select a <= (binary b)
select a > (binary b)
select a >= (binary b)
select a like (binary b)
select a not like (binary b)
select a regexp (binary b)
select a not regexp (binary b)
select a rlike (binary b)
select a | (binary b)
select a & (binary b)
select a << (binary b)
select a >> (binary b)
select a + (binary b)
select a - (binary b)
select a * (binary b)
select a / (binary b)
select a div (binary b)
select a % (binary b)
select a mod (binary b)
select a ^ (binary b)
select a or (not not b)
select a || (not not b)
select a xor (not not b)
select a and (not not b)
select a && (not not b)
select a = (not not b)
select a <=> (not not b)
select a <> (not not b)
select a != (not not b)
select a < (not not b)
select a <= (not not b)
select a > (not not b)
select a >= (not not b)
select a like (not not b)
select a not like (not not b)
select a regexp (not not b)
select a not regexp (not not b)
select a rlike (not not b)
select a | (not not b)
select a & (not not b)
select a << (not not b)
select a >> (not not b)
select a + (not not b)
select a - (not not b)
select a * (not not b)
select a / (not not b)
select a div (not not b)
select a % (not not b)
select a mod (not not b)
select a ^ (not not b)
select a or (- - b)
select a || (- - b)
select a xor (- - b)
select a and (- - b)
select a && (- - b)
select a = (- - b)
select a <=> (- - b)
select a <> (- - b)
select a != (- - b)
select a < (- - b)
select a <= (- - b)
select a > (- - b)
select a >= (- - b)
select a like (- - b)
select a not like (- - b)
select a regexp (- - b)
select a not regexp (- - b)
select a rlike (- - b)
select a | (- - b)
select a & (- - b)
select a << (- - b)
select a >> (- - b)
select a + (- - b)
select a - (- - b)
select a * (- - b)
select a / (- - b)
select a div (- - b)
select a % (- - b)
select a mod (- - b)
select a ^ (- - b)
select a or (- ~b)
select a || (- ~b)
select a xor (- ~b)
select a and (- ~b)
select a && (- ~b)
select a = (- ~b)
select a <=> (- ~b)
select a <> (- ~b)
select a != (- ~b)
select a < (- ~b)
select a <= (- ~b)
select a > (- ~b)
select a >= (- ~b)
select a like (- ~b)
select a not like (- ~b)
select a regexp (- ~b)
select a not regexp (- ~b)
select a rlike (- ~b)
select a | (- ~b)
select a & (- ~b)
select a << (- ~b)
select a >> (- ~b)
select a + (- ~b)
select a - (- ~b)
select a * (- ~b)
select a / (- ~b)
select a div (- ~b)
select a % (- ~b)
select a mod (- ~b)
select a ^ (- ~b)
select (a is not null) is not null
select (a is not null) is true
select (a is not null) is not false
select (a is not null) is unknown
select (a is not null) in (1, b)
select (a is not null) not in (select 1)
select (a is not null) between b and c
select (a is not null) not between 1 and c
select (a is not null) sounds like b
select (a is not null) collate utf8mb4_bin
select (a is not null) like b escape '!'
select (a is not null) + interval 1 day
select (a is not null) - interval b hour_minute
select (a is true) is not null
select (a is true) is true
select (a is true) is not false
select (a is true) is unknown
select (a is true) in (1, b)
select (a is true) not in (select 1)
select (a is true) between b and c
select (a is true) not between 1 and c
select (a is true) sounds like b
select (a is true) collate utf8mb4_bin
select (a is true) like b escape '!'
select (a is true) + interval 1 day
select (a is true) - interval b hour_minute
select (a is not false) is not null
select (a is not false) is true
select (a is not false) is not false
select (a is not false) is unknown
select (a is not false) in (1, b)
select (a is not false) not in (select 1)
select (a is not false) between b and c
select (a is not false) not between 1 and c
select (a is not false) sounds like b
select (a is not false) collate utf8mb4_bin
select (a is not false) like b escape '!'
select (a is not false) + interval 1 day
select (a is not false) - interval b hour_minute
select (a is unknown) is not null
select (a is unknown) is true
select (a is unknown) is not false
select (a is unknown) is unknown
select (a is unknown) in (1, b)
select (a is unknown) not in (select 1)
select (a is unknown) between b and c
select (a is unknown) not between 1 and c
select (a is unknown) sounds like b
select (a is unknown) collate utf8mb4_bin
select (a is unknown) like b escape '!'
select (a is unknown) + interval 1 day
select (a is unknown) - interval b hour_minute
select (a in (1, b)) is not null
select (a in (1, b)) is true
select (a in (1, b)) is not false
select (a in (1, b)) is unknown
select (a in (1, b)) in (1, b)
select (a in (1, b)) not in (select 1)
select (a in (1, b)) between b and c
select (a in (1, b)) not between 1 and c
select (a in (1, b)) sounds like b
select (a in (1, b)) collate utf8mb4_bin
select (a in (1, b)) like b escape '!'
select (a in (1, b)) + interval 1 day
select (a in (1, b)) - interval b hour_minute
select (a not in (select 1)) is not null
select (a not in (select 1)) is true
select (a not in (select 1)) is not false
select (a not in (select 1)) is unknown
select (a not in (select 1)) in (1, b)
select (a not in (select 1)) not in (select 1)
select (a not in (select 1)) between b and c
select (a not in (select 1)) not between 1 and c
select (a not in (select 1)) sounds like b
select (a not in (select 1)) collate utf8mb4_bin
select (a not in (select 1)) like b escape '!'
select (a not in (select 1)) + interval 1 day
select (a not in (select 1)) - interval b hour_minute
select (a between b and c) is not null
select (a between b and c) is true
select (a between b and c) is not false
select (a between b and c) is unknown
select (a between b and c) in (1, b)
select (a between b and c) not in (select 1)
select (a between b and c) between b and c
select (a between b and c) not between 1 and c
select (a between b and c) sounds like b
select (a between b and c) collate utf8mb4_bin
select (a between b and c) like b escape '!'
select (a between b and c) + interval 1 day
select (a between b and c) - interval b hour_minute
select (a not between 1 and c) is not null
select (a not between 1 and c) is true
select (a not between 1 and c) is not false
select (a not between 1 and c) is unknown
select (a not between 1 and c) in (1, b)
select (a not between 1 and c) not in (select 1)
select (a not between 1 and c) between b and c
select (a not between 1 and c) not between 1 and c
select (a not between 1 and c) sounds like b
select (a not between 1 and c) collate utf8mb4_bin
select (a not between 1 and c) like b escape '!'
select (a not between 1 and c) + interval 1 day
select (a not between 1 and c) - interval b hour_minute
select (a sounds like b) is not null
select (a sounds like b) is true
select (a sounds like b) is not false
select (a sounds like b) is unknown
select (a sounds like b) in (1, b)
select (a sounds like b) not in (select 1)
select (a sounds like b) between b and c
select (a sounds like b) not between 1 and c
select (a sounds like b) sounds like b
select (a sounds like b) collate utf8mb4_bin
select (a sounds like b) like b escape '!'
select (a sounds like b) + interval 1 day
select (a sounds like b) - interval b hour_minute
select (a collate utf8mb4_bin) is not null
select (a collate utf8mb4_bin) is true
select (a collate utf8mb4_bin) is not false
select (a collate utf8mb4_bin) is unknown
select (a collate utf8mb4_bin) in (1, b)
select (a collate utf8mb4_bin) not in (select 1)
select (a collate utf8mb4_bin) between b and c
select (a collate utf8mb4_bin) not between 1 and c
select (a collate utf8mb4_bin) sounds like b
select (a collate utf8mb4_bin) collate utf8mb4_bin
select (a collate utf8mb4_bin) like b escape '!'
select (a collate utf8mb4_bin) + interval 1 day
select (a collate utf8mb4_bin) - interval b hour_minute
select (a like b escape '!') is not null
select (a like b escape '!') is true
select (a like b escape '!') is not false
select (a like b escape '!') is unknown
select (a like b escape '!') in (1, b)
select (a like b escape '!') not in (select 1)
select (a like b escape '!') between b and c
select (a like b escape '!') not between 1 and c
select (a like b escape '!') sounds like b
select (a like b escape '!') collate utf8mb4_bin
select (a like b escape '!') like b escape '!'
select (a like b escape '!') + interval 1 day
select (a like b escape '!') - interval b hour_minute
select (a + interval 1 day) is not null
select (a + interval 1 day) is true
select (a + interval 1 day) is not false
select (a + interval 1 day) is unknown
select (a + interval 1 day) in (1, b)
select (a + interval 1 day) not in (select 1)
select (a + interval 1 day) between b and c
select (a + interval 1 day) not between 1 and c
select (a + interval 1 day) sounds like b
select (a + interval 1 day) collate utf8mb4_bin
select (a + interval 1 day) like b escape '!'
select (a + interval 1 day) + interval 1 day
select (a + interval 1 day) - interval b hour_minute
select (a - interval b hour_minute) is not null
select (a - interval b hour_minute) is true
select (a - interval b hour_minute) is not false
select (a - interval b hour_minute) is unknown
select (a - interval b hour_minute) in (1, b)
select (a - interval b hour_minute) not in (select 1)
select (a - interval b hour_minute) between b and c
select (a - interval b hour_minute) not between 1 and c
select (a - interval b hour_minute) sounds like b
select (a - interval b hour_minute) collate utf8mb4_bin
select (a - interval b hour_minute) like b escape '!'
select (a - interval b hour_minute) + interval 1 day
select (a - interval b hour_minute) - interval b hour_minute
