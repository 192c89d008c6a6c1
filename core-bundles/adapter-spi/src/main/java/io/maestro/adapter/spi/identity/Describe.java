package io.maestro.adapter.spi.identity;

/** Input of {@code describe}: nothing. */
public record Describe() {}
