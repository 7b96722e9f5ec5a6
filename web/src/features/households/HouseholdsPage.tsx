export function HouseholdsPage() {
  return <h1>HouseholdsPage</h1>;
}
