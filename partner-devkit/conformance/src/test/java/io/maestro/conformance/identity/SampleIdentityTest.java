package io.maestro.conformance.identity;

/** The sound sample passes: what the kit finds wrong with the broken ones is theirs. */
final class SampleIdentityTest extends IdentityKit {
    @Override
    protected IdentityFixture fixture() {
        return new SampleFixture(null);
    }
}
