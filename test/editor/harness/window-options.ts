/** What a window under test opens, and how. */
export interface WindowOptions {
  /** The folder to copy and open, from the checkout's root; absent for an empty one. */
  workspace?: string;
  /** Another place to open than that folder, as a URI. */
  open?: string;
  /** False opens the window restricted. Default true. */
  trusted?: boolean;
  /** Settings beside those of every window. */
  settings?: Record<string, unknown>;
  /** The extension under test: the checkout's (the default), or the one that is packed and installed. */
  extension?: 'development' | 'packaged';
}
