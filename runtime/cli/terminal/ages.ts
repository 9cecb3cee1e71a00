const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago a time was, in words: `just now`, `5 minutes ago`, `7 days ago`. Days are the largest unit. */
export function ago(time: string, now: number = Date.now()): string {
  const elapsed = Math.max(0, now - Date.parse(time));
  if (elapsed < minute) return 'just now';
  const [count, unit] =
    elapsed < hour ? [elapsed / minute, 'minute'] : elapsed < day ? [elapsed / hour, 'hour'] : ([elapsed / day, 'day'] as const);
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
}

/** How long ago a time was, as narrow as kubectl's AGE: `12s`, `3m`, `5h`, `7d`. */
export function age(time: string, now: number = Date.now()): string {
  const elapsed = Math.max(0, now - Date.parse(time));
  if (elapsed < minute) return `${Math.floor(elapsed / second)}s`;
  if (elapsed < hour) return `${Math.floor(elapsed / minute)}m`;
  if (elapsed < day) return `${Math.floor(elapsed / hour)}h`;
  return `${Math.floor(elapsed / day)}d`;
}

/** A time as people at this machine read it: `2026-11-22 21:04:07`, in local time. */
export function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [year, month, dayOfMonth] = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())];
  return `${year}-${month}-${dayOfMonth} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
