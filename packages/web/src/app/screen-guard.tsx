// Keeps a mistake in one screen from taking the page with it.
import { Component, type ReactNode } from "react";
import { Empty } from "../ui/panel.tsx";

/** Shows what is inside, or, when that fails, a line that says so. */
export class ScreenGuard extends Component<{ readonly children: ReactNode }, { readonly problem: string | undefined }> {
  override state = { problem: undefined };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === undefined) return this.props.children;
    return (
      <Empty>
        <p>This screen could not be shown: {problem}</p>
        <button type="button" onClick={() => this.setState({ problem: undefined })}>
          Show it again
        </button>
      </Empty>
    );
  }
}
