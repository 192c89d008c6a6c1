package io.maestro.rego.eval;

import io.maestro.rego.value.Value;

/** The variables of one body that is being evaluated. Null stands for those without a value; code never reads these. */
class Frame {
    final Value[] slots;
    final Makes.Collected[] collected;
    Context context;

    Frame(int slots, Makes.Collected[] collected, Context context) {
        this.slots = new Value[slots];
        this.collected = collected;
        this.context = context;
    }
}
