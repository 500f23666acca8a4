export function plot() {
  return "";
}
