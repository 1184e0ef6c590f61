<?php
// What a PHP program tells of itself: a line of JSON for each thing seen, so that two servers' can be compared.
declare(strict_types=1);

$settings = json_decode(file_get_contents($argv[1]), true, 512, JSON_THROW_ON_ERROR);
$material = json_decode(file_get_contents($settings['material']), true, 512, JSON_THROW_ON_ERROR);
$step = null;

function plain(mixed $value): mixed {
  if (is_array($value)) return array_map('plain', $value);
  if (is_object($value)) return plain((array) $value);
  if (is_int($value) || is_float($value)) return [gettype($value) => var_export($value, true)];
  if (!is_string($value)) return $value;
  if (strlen($value) > 1000) return strlen($value) . ' bytes, sha256 ' . hash('sha256', $value);
  return mb_check($value) ? $value : ['bytes' => bin2hex($value)];
}

function mb_check(string $text): bool { return preg_match('//u', $text) === 1; }

function told(array $fields): void {
  global $step;
  echo json_encode(['step' => $step] + $fields, JSON_THROW_ON_ERROR), "\n";
}

function say(string $what, mixed $value): void { told(['what' => $what, 'saw' => plain($value)]); }

function run_steps(array $steps): void {
  global $settings, $step;
  foreach ($settings['steps'] ?? array_keys($steps) as $step) {
    try {
      $steps[$step]();
      told(['done' => true]);
    } catch (Throwable $error) {
      told(['crashed' => get_class($error) . ': ' . $error->getMessage(), 'line' => $error->getLine()]);
    }
  }
}

function csv_file(): string {
  $file = tempnam(sys_get_temp_dir(), 'kintsugi');
  file_put_contents($file, implode('', array_map(fn($i) => (300 + $i % 3) . ",$i,$i.5,line $i\n", range(0, 999))) . "1,1,5,duplicate\n");
  return $file;
}

const WRITES = ['update person set email = email where id = 1', 'update person set age = 30', 'update person set age = 31 where id in (1, 2, 77)',
  "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')",
  'delete from purchase where amount > 50'];
const LABELS = 'select id, label from counter where id between 1000 and 1999 order by id';
const SUMS = 'select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1';
