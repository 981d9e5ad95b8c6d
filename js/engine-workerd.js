// The engine for runtimes that take WebAssembly only as a file, such as Cloudflare's workerd.
import module from './engine.wasm'

export default () => new WebAssembly.Instance(module).exports
