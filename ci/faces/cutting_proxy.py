"""A proxy that cuts a connection a fixed time after its client last sent something, as load balancers do with answers that take too long.
usage: cutting_proxy.py PORT TARGET_PORT SECONDS"""
import asyncio
import sys

PORT, TARGET, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])


async def copy(source, sink, seen):
    try:
        while data := await source.read(65536):
            seen()
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


async def serve(reader, writer):
    try:
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", TARGET)
    except OSError:
        writer.close()
        return
    clock = asyncio.get_running_loop().time
    last = clock()

    def asked():
        nonlocal last
        last = clock()

    both = asyncio.gather(copy(reader, upstream, asked), copy(upstream_reader, writer, lambda: None))
    while not both.done():
        await asyncio.wait([both], timeout=0.1)
        if clock() - last > SECONDS:
            writer.transport.abort()
            upstream.transport.abort()
            break
    await asyncio.gather(both, return_exceptions=True)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT)
    async with server:
        await server.serve_forever()


asyncio.run(main())
