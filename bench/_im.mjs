import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { importTimes } from './import.js'
import { atMost, textOf } from './figures.js'
let s=createServer((q,r)=>{r.setHeader('Content-Type','text/html');r.setHeader('Cross-Origin-Opener-Policy','same-origin');r.setHeader('Cross-Origin-Embedder-Policy','require-corp');r.end('<!doctype html><title>x</title>')})
await new Promise(r=>s.listen(0,'127.0.0.1',r))
let b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--no-first-run','--js-flags=--expose-gc']})
let t=await importTimes(b,`http://127.0.0.1:${s.address().port}/`,()=>{})
for (let [l,{median,quartiles}] of Object.entries(t)) console.log(l,median.toFixed(2),quartiles.map(x=>x.toFixed(2)).join('-'))
await b.close(); s.close()
if (process.argv[2]) { let f=new URL('results/browsers.json',import.meta.url); let j=JSON.parse(readFileSync(f)); j.imports=t; j.figures=[atMost('ms from import to the first store in Chromium', 1, t.lagoon.median)]; writeFileSync(f,`${JSON.stringify(j,null,2)}\n`) }
