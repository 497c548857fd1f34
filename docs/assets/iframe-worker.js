// The search runs in a worker, which browsers refuse to pages that were opened as files. There it runs in a hidden frame.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.appendChild(frame)
      this.inside = frame.contentWindow
      this.ready = new Promise(resolve => {
        this.inside.importScripts = (...urls) => urls.reduce(
          (before, each) => before.then(() => this.load(each)), Promise.resolve())
        this.inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
        this.load(url).then(resolve)
      })
    }

    load(url) {
      return new Promise((resolve, reject) => {
        const script = this.inside.document.createElement("script")
        script.src = new URL(url, location).href
        script.onload = resolve
        script.onerror = () => reject(new Error(`${url} cannot be loaded`))
        this.inside.document.body.appendChild(script)
      })
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })))
    }

    terminate() {
      this.inside.frameElement.remove()
    }
  }
}
