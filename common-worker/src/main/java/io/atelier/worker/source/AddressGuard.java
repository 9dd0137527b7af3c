package io.atelier.worker.source;

import io.atelier.http.AddressRanges;
import io.atelier.http.PrivateAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * A DNS resolver that rejects hosts in private networks, for addresses that a client or a provider named. A host is rejected if any of its
 * addresses is private. Each host is resolved once, so the connection uses the address that was checked. Thread-safe.
 */
public final class AddressGuard implements Dns {

    private final Dns resolver;

    /** @param resolver finds the addresses that are checked */
    public AddressGuard(Dns resolver) {
        this.resolver = resolver;
    }

    /** A copy of a client that connects to no private network, also after a redirect, which it must not follow itself. */
    public OkHttpClient guarding(OkHttpClient client) {
        return client.newBuilder()
                .dns(this)
                // OkHttp does not resolve IP addresses, so they are checked here, again at each redirect.
                .addInterceptor(chain -> {
                    lookup(chain.request().url().host());
                    return chain.proceed(chain.request());
                })
                .build();
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        var addresses = resolver.lookup(host);
        for (var address : addresses) {
            if (!AddressRanges.isPublic(address)) {
                throw new PrivateAddress(host);
            }
        }
        return addresses;
    }
}
