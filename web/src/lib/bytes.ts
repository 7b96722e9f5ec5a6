/** 1,536 bytes as `1.5 KB`. */
export function bytes(n: number) {
  const units = ["bytes", "KB", "MB", "GB"];
  let [value, unit] = [n, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
