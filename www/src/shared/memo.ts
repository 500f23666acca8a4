// A component that is made anew only if what it is given differs.

import { Component, type ComponentChild, type FunctionComponent, h } from "preact";

export function memo<Props extends object>(
  component: FunctionComponent<Props>,
  same: (before: Props, after: Props) => boolean,
) {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !same(this.props as Props, next);
    }
    override render(props: Props): ComponentChild {
      return h(component, props as never);
    }
  };
}
