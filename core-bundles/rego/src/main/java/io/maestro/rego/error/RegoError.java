package io.maestro.rego.error;

/** One thing that is wrong, with its place. */
public record RegoError(ErrorCode code, Location location, String message) {
    @Override
    public String toString() {
        String place = location.toString();
        return (place.isEmpty() ? "" : place + ": ") + code.code() + ": " + message;
    }
}
