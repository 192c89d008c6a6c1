package io.maestro.conformance.identity;

/**
 * What an instance is told of a provider, and what the provider knows of it.
 *
 * @param issuer names the provider, exactly as its tokens do; an address without a path for the kit's own
 * @param clientId what the provider knows the instance as
 * @param clientSecret proves it where codes are redeemed
 * @param audience whom a bearer token is meant for
 */
public record Registration(String issuer, String clientId, String clientSecret, String audience) {
    /** The same at another issuer. */
    Registration at(String other) {
        return new Registration(other, clientId, clientSecret, audience);
    }

    /** The same with another secret. */
    Registration with(String otherSecret) {
        return new Registration(issuer, clientId, otherSecret, audience);
    }

    @Override
    public String toString() {
        return "Registration[" + issuer + ", " + clientId + ", " + audience + "]";
    }
}
