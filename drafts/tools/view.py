"""view.py SITE OUT PAGE...: open offline at 1440 and 360, whole page screenshots cut in pieces, report overflow and errors."""
import sys, pathlib
from playwright.sync_api import sync_playwright
from PIL import Image
site, out, *pages = sys.argv[1:]
out=pathlib.Path(out); out.mkdir(parents=True, exist_ok=True)
with sync_playwright() as p:
    b=p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox","--disable-gpu"])
    for width in (1440, 360):
        c=b.new_context(viewport={"width":width,"height":900}, offline=True)
        for page in pages:
            t=c.new_page(); errs=[]
            t.on("console", lambda m: errs.append(m.text) if m.type=="error" else None)
            t.on("pageerror", lambda e: errs.append(str(e)))
            t.goto(f"file://{site}/{page}", timeout=120000); t.wait_for_timeout(1500)
            o=t.evaluate("document.documentElement.scrollWidth")
            name=page.replace("/","_").replace(".html","")
            f=out/f"{name}-{width}.png"; t.screenshot(path=str(f), full_page=True, timeout=120000)
            im=Image.open(f); h=1800 if width==1440 else 2600
            n=0
            for y in range(0,im.height,h):
                im.crop((0,y,im.width,min(im.height,y+h))).save(out/f"{name}-{width}-{n:02}.png"); n+=1
            print(page,width,"scrollWidth",o,"height",im.height,"pieces",n,"errors",errs, flush=True); t.close()
    b.close()
