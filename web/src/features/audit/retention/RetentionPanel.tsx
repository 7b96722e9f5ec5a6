import { useState } from "react";
import { Classes } from "./Classes";
import { Erasures } from "./Erasures";
import { Holds } from "./Holds";
import { ReasonDialog, type Reasoned } from "./ReasonDialog";

/** How long records are kept, what holds them, and what was erased. */
export default function RetentionPanel() {
  const [asking, setAsking] = useState<Reasoned | null>(null);
  return (
    <div className="flex flex-col gap-6">
      <Holds onAsk={setAsking} />
      <Erasures onAsk={setAsking} />
      <Classes />
      {asking && <ReasonDialog of={asking} onClose={() => setAsking(null)} />}
    </div>
  );
}
