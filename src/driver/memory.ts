// What came out of something that asks the host, kept for the next time the same is to be done: under what is to be done stands which questions it asked the last time; under
// the questions with today's answers stands what came out.

import type { Host } from "../base/host.ts";
import { findGoroot, type Goroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { answers, type Question, RecordingHost } from "./inputs.ts";
import type { Store } from "./store.ts";

/** What is kept of one thing to be done. */
export class Memory {
  private readonly host: Host;
  private readonly store: Store | null;
  private readonly about: string;

  /** `about` says what is to be done, completely but for what it asks the host. Without a store, nothing is kept. */
  constructor(host: Host, store: Store | null, about: string) {
    this.host = host;
    this.store = store;
    this.about = about;
  }

  /** What came out of it, if it would come out again. */
  find(): Uint8Array | null {
    const { store } = this;
    const list = store === null ? null : store.get(this.listKey(store));
    if (store === null || list === null) return null;
    const text = new TextDecoder().decode(list);
    return store.get(this.resultKey(store, text, answers(this.host, JSON.parse(text) as Question[])));
  }

  /** Does it through a host that notes what it is asked. `kept`: what is to be kept of the result; null: nothing. */
  note<R>(action: (host: RecordingHost) => R, kept: (result: R) => Uint8Array | null): R {
    const recorder = new RecordingHost(this.host);
    const result = action(recorder);
    const asked = recorder.result();
    const data = asked === null ? null : kept(result);
    const { store } = this;
    if (store !== null && asked !== null && data !== null) {
      const list = JSON.stringify(asked.questions);
      store.put(this.resultKey(store, list, asked.answers), data);
      store.put(this.listKey(store), new TextEncoder().encode(list));
    }
    return result;
  }

  private listKey(store: Store): string {
    return store.key(`questions\n${this.about}`);
  }

  private resultKey(store: Store, questions: string, answered: string): string {
    return store.key(`result\n${this.about}\n${questions}\n${answered}`);
  }
}

/** The Go tree, whose files are known by their times from now on; null: the build will say what is wrong. */
export function recordedGoroot(recorder: RecordingHost): Goroot | null {
  try {
    const found = findGoroot(recorder);
    recorder.stableBelow(found.folder);
    return found;
  } catch (error) {
    if (error instanceof LoadError) return null;
    throw error;
  }
}
