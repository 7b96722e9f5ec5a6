import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type Certificate, certificateQuery, type Erasure } from "@/api/queries/retention";
import { moment } from "@/lib/dates";
import { sentence } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";
import { ErrorState, Loading, SkeletonCard } from "@/ui/states";

/** What the log says of an erasure, with the proof that it does. */
export function CertificateDialog({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const certificate = useQuery(certificateQuery(erasure.id));
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Certificate of erasure">
      <div className="flex flex-col gap-4 p-5">
        {certificate.isPending && (
          <Loading label="Loading the certificate">
            <SkeletonCard />
          </Loading>
        )}
        {certificate.isError && (
          <ErrorState error={certificate.error} onRetry={() => void certificate.refetch()} />
        )}
        {certificate.data && <Said certificate={certificate.data} />}
      </div>
    </Dialog>
  );
}

function Said({ certificate }: { certificate: Certificate }) {
  const detail = JSON.parse(certificate.content).detail as {
    removed: Record<string, number>;
    forgotten: Record<string, number>;
    keys: string[];
    kept_for_others: number;
  };
  const gone = Object.entries({ ...detail.removed, ...detail.forgotten }).filter(([, n]) => n > 0);
  const save = () => {
    const link = document.createElement("a");
    const text = JSON.stringify(certificate, null, 2);
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "erasure-certificate.json";
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <p className="text-ink-2">
        Entry {certificate.index.toLocaleString("en-US")} of the log, {moment(certificate.at)}. The file below
        holds the entry, its proof and the signed checkpoint that it leads to: anybody can check it against
        the log's key, without us.
      </p>
      <table className="w-full text-sm">
        <caption className="eyebrow pb-1 text-left">What was removed</caption>
        <tbody>
          {gone.map(([name, count]) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="py-1.5 text-left font-normal">
                {sentence(name)}
              </th>
              <td className="num py-1.5 text-right">{count.toLocaleString("en-US")}</td>
            </tr>
          ))}
          <tr className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-normal">
              Keys destroyed
            </th>
            <td className="num py-1.5 text-right">{detail.keys.length}</td>
          </tr>
          {detail.kept_for_others > 0 && (
            <tr className="border-t border-line">
              <th scope="row" className="py-1.5 text-left font-normal">
                Kept, because another household needs them
              </th>
              <td className="num py-1.5 text-right">{detail.kept_for_others}</td>
            </tr>
          )}
        </tbody>
      </table>
      <div className="flex justify-end">
        <Button variant="primary" onClick={save}>
          <Download />
          Save the certificate
        </Button>
      </div>
    </>
  );
}
