export function AnalyseForm() {
  return null;
}
