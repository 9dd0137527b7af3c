package io.atelier.gateway.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * The memory of the state stores beside the heap. By default each of the three may take 48 MB for what was written last and 50 MB for what was read,
 * more than the heap in use; the operating system keeps the files in memory anyway. Kafka Streams creates it, so it is public.
 */
public final class StateStoreMemory implements RocksDBConfigSetter {

    private static final long WRITE_BUFFER = 4L << 20;
    private static final int WRITE_BUFFERS = 2;

    /** Created with the first store, when the native library has been loaded. */
    private static final class Blocks {

        // One for all stores, and never closed: a store that is opened again uses it again.
        private static final Cache CACHE = new LRUCache(16L << 20);

        private Blocks() {}
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        options.setWriteBufferSize(WRITE_BUFFER);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
        if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
            table.setBlockCache(Blocks.CACHE);
            options.setTableFormatConfig(table);
        }
    }

    @Override
    public void close(String store, Options options) {
        // Everything that belongs to the store itself is closed by Kafka Streams.
    }
}
