package io.atelier.gateway.webhooks;

import io.atelier.http.AddressRanges;
import io.atelier.http.PrivateAddress;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/**
 * Finds the addresses of receivers, and refuses a host of which any address is in a private network, unless such receivers are allowed. Each
 * connection resolves its host once, so that it uses an address that was checked. Thread-safe; blocks no thread of Netty.
 */
final class GuardedResolver extends AddressResolverGroup<InetSocketAddress> {

    private final WebhookAddresses allowed;
    private final Lookup lookup;

    /** @param lookup finds the addresses that are checked */
    GuardedResolver(WebhookAddresses allowed, Lookup lookup) {
        this.allowed = allowed;
        this.lookup = lookup;
    }

    /** Finds all addresses of a host. Blocks. */
    @FunctionalInterface
    interface Lookup {

        /**
         * All addresses of the host.
         *
         * @throws UnknownHostException if the host has none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Resolver(executor);
    }

    private List<InetSocketAddress> checked(InetSocketAddress receiver) throws UnknownHostException {
        var host = receiver.getHostString();
        var addresses = receiver.isUnresolved() ? lookup.addresses(host) : new InetAddress[] {receiver.getAddress()};
        if (allowed == WebhookAddresses.PUBLIC && !Arrays.stream(addresses).allMatch(AddressRanges::isPublic)) {
            throw new PrivateAddress(host);
        }
        return Arrays.stream(addresses)
                .map(address -> new InetSocketAddress(address, receiver.getPort()))
                .toList();
    }

    /** The resolver of one thread of Netty. */
    private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {

        Resolver(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        /** Never: Netty would connect to an IP address in a URL without a check. */
        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return false;
        }

        @Override
        protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
            resolve(promise, () -> checked(address).get(0));
        }

        @Override
        protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
            resolve(promise, () -> checked(address));
        }

        @SuppressWarnings("FutureReturnValueIgnored")
        private <T> void resolve(Promise<T> promise, Resolution<T> resolution) {
            var unused = Schedulers.boundedElastic().schedule(() -> {
                try {
                    promise.trySuccess(resolution.run());
                } catch (UnknownHostException | RuntimeException e) {
                    promise.tryFailure(e);
                }
            });
        }
    }

    /** A look-up with its check. */
    @FunctionalInterface
    private interface Resolution<T> {

        T run() throws UnknownHostException;
    }
}
