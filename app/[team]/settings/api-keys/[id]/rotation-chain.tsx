import { Day } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { tokenEnds } from "@/lib/api-keys/key-label";
import { visibleText } from "@/lib/text/visible-text";
import { KeyStatus } from "../key-status";
import { PlainLink } from "./plain-link";

type ChainProps = { chain: ApiKeyDto[]; currentId: string; path: string };

/** The keys that replaced each other, newest first. */
export function RotationChain({ chain, currentId, path }: ChainProps) {
  return (
    <TitledSection title="Rotation" description="Each key replaced the one below it.">
      <ol className="rounded-xl border border-line bg-surface shadow-raised">
        {chain.map((key) => (
          <li
            key={key.id}
            aria-current={key.id === currentId || undefined}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 not-first:border-line not-first:border-t"
          >
            <span className="wrap-anywhere font-medium">
              {key.id === currentId ? nameOf(key) : <PlainLink href={`${path}/${key.id}`}>{nameOf(key)}</PlainLink>}
            </span>
            <code className="font-mono text-ink-soft text-xs">{tokenEnds(key)}</code>
            <KeyStatus apiKey={key} />
            <span className="grow text-right text-ink-soft text-xs">
              {key.id === currentId && "This key, "}created <Day iso={key.createdAt} />
            </span>
          </li>
        ))}
      </ol>
    </TitledSection>
  );
}

const nameOf = ({ name, tokenStart }: ApiKeyDto) => visibleText(name ?? tokenStart);
