export function HouseholdPage() {
  return <h1>HouseholdPage</h1>;
}
