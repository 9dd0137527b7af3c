package io.atelier.generator.engine;

import io.atelier.contract.job.ProviderUsage;

/** Receives what a run asks of providers. Called from any thread; never blocks. */
@FunctionalInterface
public interface ProviderCallListener {

    /** Called for each call that asks a provider for images, repeated calls included. */
    void onCall();

    /** Called once for each answer in which the provider says what it used, also if the answer is an error or has no usable image. */
    default void onUsage(ProviderUsage usage) {}
}
