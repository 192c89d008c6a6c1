package io.maestro.rego.builtins;

import io.maestro.rego.error.ErrorCode;

/** A built-in function refuses its arguments: undefined in an ordinary evaluation, an error in a strict one. */
public final class BuiltinException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private BuiltinException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static BuiltinException of(String name, String message) {
        return new BuiltinException(ErrorCode.BUILTIN, name + ": " + message);
    }

    static BuiltinException type(String name, String message) {
        return new BuiltinException(ErrorCode.EVAL_TYPE, name + ": " + message);
    }

    public ErrorCode code() {
        return code;
    }
}
